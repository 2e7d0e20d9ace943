// What is disturbed is the way between the programs, their files, environment and sink, never the
// programs.
#include "fixtures/worlds/disturbances.hpp"
#include "fixtures/worlds/parameters.hpp"
#include "muster/step.hpp"

using namespace muster;
using namespace muster::worlds;

GIVEN("the container engine is down") = [](Disturbances& faults) { faults.engine_down(); };

GIVEN("the console and ralph hold different keys") = [](Disturbances& faults) {
  faults.drift_keys();
};

GIVEN("ralph does not know the console's key") = [](Disturbances& faults) { faults.forget_key(); };

GIVEN("the console signs with a new key, which ralph holds beside the old one") =
    [](Disturbances& faults) { faults.rotate_keys(); };

GIVEN("the console's clock is {int} s ahead") = [](Disturbances& faults, int seconds) {
  faults.skew_console(seconds);
};

GIVEN("the console's clock is {int} s behind") = [](Disturbances& faults, int seconds) {
  faults.skew_console(-seconds);
};

GIVEN("every submit reaches ralph twice") = [](Disturbances& faults) { faults.replay_submits(); };

GIVEN("ralph refuses connections") = [](Disturbances& faults) { faults.refuse_submits(); };

GIVEN("ralph's frames say {string} for {string}") = [](Disturbances& faults, std::string found,
                                                       std::string expected) {
  faults.rename_in_frames(expected, found);
};

GIVEN("frame {int} of ralph is lost") = [](Disturbances& faults, int id) { faults.lose_frame(id); };

GIVEN("frame {int} of ralph comes twice") = [](Disturbances& faults, int id) {
  faults.double_frame(id);
};

GIVEN("the stream of frames is cut after frame {int}") = [](Disturbances& faults, int id) {
  faults.cut_stream(id);
};

GIVEN("the stream of frames is cut after every frame up to {int}") = [](Disturbances& faults,
                                                                        int last) {
  for (int id = 1; id <= last; ++id) faults.cut_stream(id);
};

GIVEN("the stream of frames is cut for good after frame {int}") = [](Disturbances& faults, int id) {
  faults.cut_stream_for_good(id);
};

GIVEN("the stream of frames stalls after frame {int}") = [](Disturbances& faults, int id) {
  faults.stall_stream(id);
};

GIVEN("hearth takes {int} s from now on", timeout(std::chrono::seconds(15))) =
    [](Disturbances& faults, int seconds) { faults.slow_hearth(seconds); };

GIVEN("hearth's answer to a teardown is lost") = [](Disturbances& faults) {
  faults.lose_teardown_answer();
};

GIVEN("the sink refuses the next {int} write(s)") = [](Disturbances& faults, int count) {
  faults.refuse_writes(count);
};

GIVEN("the session has the role {role}") = [](Disturbances& faults, Role role) {
  faults.act_as(role.text);
};
