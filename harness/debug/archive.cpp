#include "debug/archive.hpp"

#include <archive.h>
#include <archive_entry.h>

#include <array>
#include <memory>

namespace muster::debug {
namespace {

struct EndWriting {
  void operator()(struct archive* it) const { archive_write_free(it); }
};
struct EndReading {
  void operator()(struct archive* it) const { archive_read_free(it); }
};
struct EndEntry {
  void operator()(struct archive_entry* it) const { archive_entry_free(it); }
};

Error failed(struct archive* at) {
  const char* why = archive_error_string(at);
  return error("archive_failed", why == nullptr ? "the archive is damaged" : why);
}

la_ssize_t append(struct archive*, void* to, const void* bytes, std::size_t size) {
  static_cast<std::string*>(to)->append(static_cast<const char*>(bytes), size);
  return static_cast<la_ssize_t>(size);
}

bool leads_out(std::string_view path) {
  if (path.empty() || path.front() == '/') return true;
  while (!path.empty()) {
    const std::size_t end = path.find('/');
    if (path.substr(0, end) == "..") return true;
    if (end == path.npos) break;
    path.remove_prefix(end + 1);
  }
  return false;
}

}  // namespace

Result<std::string> make_tar_gz(const std::vector<ArchivedFile>& files, std::int64_t seconds) {
  std::string out;
  const std::unique_ptr<struct archive, EndWriting> writer(archive_write_new());
  // without a time in the header of gzip, so that the same files give the same bytes
  if (archive_write_add_filter_gzip(writer.get()) != ARCHIVE_OK ||
      archive_write_set_options(writer.get(), "gzip:!timestamp") != ARCHIVE_OK ||
      archive_write_set_format_pax_restricted(writer.get()) != ARCHIVE_OK ||
      archive_write_set_bytes_in_last_block(writer.get(), 1) != ARCHIVE_OK ||
      archive_write_open(writer.get(), &out, nullptr, append, nullptr) != ARCHIVE_OK)
    return failed(writer.get());
  for (const ArchivedFile& file : files) {
    const std::unique_ptr<struct archive_entry, EndEntry> entry(archive_entry_new());
    archive_entry_set_pathname(entry.get(), file.path.c_str());
    archive_entry_set_size(entry.get(), static_cast<la_int64_t>(file.content.size()));
    archive_entry_set_filetype(entry.get(), AE_IFREG);
    archive_entry_set_perm(entry.get(), 0600);
    archive_entry_set_mtime(entry.get(), seconds, 0);
    if (archive_write_header(writer.get(), entry.get()) != ARCHIVE_OK ||
        archive_write_data(writer.get(), file.content.data(), file.content.size()) !=
            static_cast<la_ssize_t>(file.content.size()))
      return failed(writer.get());
  }
  if (archive_write_close(writer.get()) != ARCHIVE_OK) return failed(writer.get());
  return out;
}

Result<std::vector<ArchivedFile>> read_tar_gz(std::string_view bytes, std::size_t limit) {
  const std::unique_ptr<struct archive, EndReading> reader(archive_read_new());
  archive_read_support_filter_gzip(reader.get());
  archive_read_support_format_tar(reader.get());
  if (archive_read_open_memory(reader.get(), bytes.data(), bytes.size()) != ARCHIVE_OK)
    return failed(reader.get());
  std::vector<ArchivedFile> files;
  std::size_t all = 0;
  for (;;) {
    struct archive_entry* entry = nullptr;
    const int next = archive_read_next_header(reader.get(), &entry);
    if (next == ARCHIVE_EOF) return files;
    if (next != ARCHIVE_OK) return failed(reader.get());
    if (archive_entry_filetype(entry) != AE_IFREG) continue;
    const char* path = archive_entry_pathname(entry);
    if (path == nullptr || leads_out(path))
      return error("archive_path", "the archive has a file with a path that leads out of it");
    ArchivedFile file{path, {}};
    std::array<char, 64 * 1024> piece;
    for (;;) {
      const la_ssize_t got = archive_read_data(reader.get(), piece.data(), piece.size());
      if (got < 0) return failed(reader.get());
      if (got == 0) break;
      all += static_cast<std::size_t>(got);
      if (all > limit)
        return error("archive_too_large",
                     "the archive holds more than " + std::to_string(limit) + " bytes");
      file.content.append(piece.data(), static_cast<std::size_t>(got));
    }
    files.push_back(std::move(file));
  }
}

}  // namespace muster::debug
