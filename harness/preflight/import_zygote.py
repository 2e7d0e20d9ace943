# Runs in the interpreter of a project, after import_boot.py, import_standard.py and import_autopsy.py: forks for each module,
# limits it in time and output, and reports how it ended. A child says what it found through memory that it shares with its
# parent, so that nothing it does to descriptors is in the way.
import _signal
import faulthandler
import gc
import mmap
import posix
import select
import sys
import time

AREA = 1 << 20  # of memory for what a child says
CONTROL = 3
real_exit = posix._exit


class Area:
    """Memory shared with a child: eight digits of length, then text."""

    def __init__(self):
        self.map = mmap.mmap(-1, AREA)

    def clear(self):
        self.map[0:8] = b"00000000"

    def write(self, text):
        data = text.encode("utf-8", "replace")
        if len(data) > AREA - 8:
            return False
        self.map[8:8 + len(data)] = data
        self.map[0:8] = b"%08d" % len(data)
        return True

    def read(self):
        try:
            length = int(self.map[0:8])
        except ValueError:
            return None
        return self.map[8:8 + length].decode("utf-8", "replace") if 0 < length <= AREA - 8 else None


class Job:
    def __init__(self, order):
        self.order = order
        self.area = None
        self.pid = 0
        self.started = self.deadline = 0.0
        self.ends = {}  # descriptor -> which stream
        self.kept = {"out": [], "err": [], "trace": []}
        self.sizes = {"out": 0, "err": 0, "trace": 0}
        self.timed_out = self.killed = False

    def drain(self, descriptor, limit):
        """Takes what is there now. False at the end of the stream."""
        stream = self.ends[descriptor]
        for _ in range(64):
            try:
                data = posix.read(descriptor, 65536)
            except BlockingIOError:
                return True
            except OSError:
                return False
            if not data:
                return False
            room = limit - self.sizes[stream]
            if room > 0:
                self.kept[stream].append(data[:room])
            self.sizes[stream] += len(data)
        return True

    def text(self, stream):
        return b"".join(self.kept[stream]).decode("utf-8", "replace")


class Zygote:
    def __init__(self):
        self.queue = []
        self.running = {}  # pid -> job
        self.by_end = {}   # descriptor -> job
        self.areas = []
        self.outgoing = b""
        self.incoming = b""
        self.config = None
        self.standard = None
        self.over = False
        self.wake_read, self.wake_write = posix.pipe()
        for descriptor in (self.wake_read, self.wake_write, CONTROL):
            posix.set_blocking(descriptor, False)
            posix.set_inheritable(descriptor, False)
        _signal.signal(_signal.SIGCHLD, lambda *_: None)
        _signal.set_wakeup_fd(self.wake_write, warn_on_full_buffer=False)
        self.poll = select.poll()
        self.poll.register(CONTROL, select.POLLIN)
        self.poll.register(self.wake_read, select.POLLIN)

    def run(self):
        gc.collect()
        gc.freeze()
        while not self.over:
            for descriptor, events in self.poll.poll(self.patience()):
                if descriptor == CONTROL:
                    self.talk(events)
                elif descriptor == self.wake_read:
                    self.swallow_wakeups()
                elif descriptor in self.by_end:
                    job = self.by_end[descriptor]
                    if not job.drain(descriptor, self.config["output"]):
                        self.close_end(job, descriptor)
            self.reap()
            self.enforce()
            self.start_waiting()
        for job in list(self.running.values()):
            kill(job.pid)

    def patience(self):
        if not self.running:
            return None
        now = time.monotonic()
        return max(0, int((min(job.deadline for job in self.running.values()) - now) * 1000) + 1)

    def swallow_wakeups(self):
        try:
            while posix.read(self.wake_read, 4096):
                pass
        except BlockingIOError:
            pass

    # -- the one who started us

    def talk(self, events):
        if events & (select.POLLIN | select.POLLHUP | select.POLLERR):
            try:
                data = posix.read(CONTROL, 1 << 20)
            except BlockingIOError:
                data = None
            except OSError:
                data = b""
            if data == b"":
                self.over = True
                return
            self.incoming += data or b""
            self.take_messages()
        self.flush()

    def take_messages(self):
        while b"\n" in self.incoming:
            head, _, rest = self.incoming.partition(b"\n")
            if len(rest) < int(head):
                return
            body, self.incoming = rest[:int(head)], rest[int(head):]
            # JSON as the other side writes it is also an expression of Python.
            message = eval(body.decode("utf-8"), {"true": True, "false": False, "null": None})
            if "config" in message:
                self.config = message["config"]
                sys.path[:0] = self.config["paths"]
                list_folders()
            else:
                self.queue.extend([Job(order) for order in message["imports"]])

    def flush(self):
        try:
            while self.outgoing:
                self.outgoing = self.outgoing[posix.write(CONTROL, self.outgoing):]
        except BlockingIOError:
            pass
        except OSError:
            self.over = True
        wanted = select.POLLIN | (select.POLLOUT if self.outgoing else 0)
        self.poll.modify(CONTROL, wanted)

    # -- children

    def start_waiting(self):
        if self.config and self.queue and self.standard is None:
            self.standard = Standard()
            names = shared([job.order["standard"] for job in self.queue])
            if names:
                self.standard.load(names, self.config["paths"], self.config["stdlib"])
                gc.freeze()
        while self.queue and self.config and len(self.running) < self.config["jobs"]:
            self.start(self.queue.pop(0))

    def start(self, job):
        job.area = self.areas.pop() if self.areas else Area()
        job.area.clear()
        pipes = {stream: posix.pipe() for stream in ("out", "err", "trace")}
        job.started = time.monotonic()
        job.deadline = job.started + self.config["timeout"]
        job.pid = posix.fork()
        if job.pid == 0:
            try:
                live(job, self.config, self.standard, pipes, max([self.wake_write, *self.by_end, *map(max, pipes.values())]))
            finally:
                real_exit(70)
        for stream, (mine, its) in pipes.items():
            posix.close(its)
            posix.set_blocking(mine, False)
            job.ends[mine] = stream
            self.by_end[mine] = job
            self.poll.register(mine, select.POLLIN)
        self.running[job.pid] = job

    def close_end(self, job, descriptor):
        self.poll.unregister(descriptor)
        posix.close(descriptor)
        del job.ends[descriptor]
        del self.by_end[descriptor]

    def reap(self):
        while True:
            try:
                pid, status = posix.waitpid(-1, posix.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            if pid in self.running:
                self.finish(self.running.pop(pid), status)

    def enforce(self):
        now = time.monotonic()
        for job in list(self.running.values()):
            if now < job.deadline:
                continue
            if not job.timed_out:
                # Where it hangs is written by the interpreter itself, even while it holds its lock.
                job.timed_out = True
                job.deadline = now + 0.1
                try:
                    posix.kill(job.pid, _signal.SIGCONT)
                    posix.kill(job.pid, _signal.SIGUSR2)
                except ProcessLookupError:
                    pass
            else:
                job.deadline = now + 3600
                kill(job.pid)

    def finish(self, job, status):
        seconds = time.monotonic() - job.started
        left = end_group(job.pid)
        for descriptor in list(job.ends):
            job.drain(descriptor, self.config["output"])
            self.close_end(job, descriptor)
        said = None if job.timed_out else job.area.read()  # too late is too late
        ending = {
            "id": job.order["id"],
            "signal": posix.WTERMSIG(status) if posix.WIFSIGNALED(status) else 0,
            "code": posix.WEXITSTATUS(status) if posix.WIFEXITED(status) else -1,
            "timed_out": job.timed_out,
            "left_processes": left and not job.timed_out,
            "seconds": seconds,
            "out": job.text("out"),
            "err": job.text("err"),
            "out_bytes": job.sizes["out"],
            "err_bytes": job.sizes["err"],
            "trace": job.text("trace"),
        }
        self.areas.append(job.area)
        # What the child said is JSON already.
        line = to_json(ending)[:-1] + ',"said":' + (said or "null").replace("\n", " ") + "}\n"
        self.outgoing += line.encode("utf-8", "replace")
        self.flush()


def list_folders():
    """Lists the folders of the path once for all children, by looking for what no folder has. A child lists those anew
    that have changed since."""
    for finder in sys.meta_path:
        if getattr(finder, "__name__", "") == "PathFinder":
            finder.find_spec("no module", None)


def end_group(pid):
    """Ends what is left of a child's process group. True when there was anything."""
    try:
        posix.killpg(pid, _signal.SIGKILL)
        return True
    except OSError:
        return False


def kill(pid):
    """Ends a child that was not waited for yet, wherever it moved itself, and its process group."""
    end_group(pid)
    try:
        posix.kill(pid, _signal.SIGKILL)
    except OSError:
        pass


def live(job, config, standard, pipes, highest):
    """All of a child's life; `highest` is the highest descriptor that is open."""
    posix.setsid()
    _signal.set_wakeup_fd(-1)
    _signal.signal(_signal.SIGCHLD, _signal.SIG_DFL)
    null = posix.open("/dev/null", posix.O_RDONLY)
    posix.dup2(null, 0)
    posix.dup2(pipes["out"][1], 1)
    posix.dup2(pipes["err"][1], 2)
    trace = highest + 64
    try:
        posix.dup2(pipes["trace"][1], trace, inheritable=False)
    except OSError:
        trace = 2
    posix.closerange(3, highest + 1)
    posix.close(null) if null > highest else None
    faulthandler.enable(file=trace, all_threads=False)
    faulthandler.register(_signal.SIGUSR2, file=trace, all_threads=False)
    autopsy = Autopsy(job.order, config, standard)
    said = to_json(autopsy.perform(lambda facts: job.area.write(to_json(facts))))
    if not job.area.write(said):
        job.area.write(to_json({"kind": "unreadable", "message": "the report is larger than 1 MiB"}))
    real_exit(0)


def main():
    try:
        import resource
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a crash shall not litter the project
    except (ImportError, OSError, ValueError):
        pass
    try:
        Zygote().run()
    finally:
        real_exit(0)
