#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>

#include "preflight/import_proto.hpp"
#include "preflight/import_proto_value.hpp"

/// Field numbers: google/protobuf/descriptor.proto. Wire format: protobuf.dev/programming-guides/
/// encoding.
namespace muster::preflight {
namespace {

constexpr int deepest = 64;

struct WireField {
  std::uint32_t number = 0;
  std::uint64_t value = 0;  ///< of a varint or a fixed number
  std::string_view bytes;   ///< of what has a length
};

/// Reads one message field by field.
class Wire {
 public:
  explicit Wire(std::string_view bytes) : rest_(bytes) {}

  bool next(WireField& field) {
    if (rest_.empty() || broken_) return false;
    std::uint64_t tag = 0;
    if (!varint(tag) || tag >> 3 == 0 || tag >> 3 > 0x1fffffff) return fail();
    field = WireField{};
    field.number = static_cast<std::uint32_t>(tag >> 3);
    switch (tag & 7) {
      case 0:
        return varint(field.value) || fail();
      case 1:
        return fixed(8, field) || fail();
      case 2: {
        std::uint64_t length = 0;
        if (!varint(length) || length > rest_.size()) return fail();
        field.bytes = rest_.substr(0, length);
        rest_.remove_prefix(length);
        return true;
      }
      case 5:
        return fixed(4, field) || fail();
      default:
        return fail();
    }
  }

  bool broken() const { return broken_; }

 private:
  bool fail() {
    broken_ = true;
    return false;
  }

  bool varint(std::uint64_t& value) {
    value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (rest_.empty()) return false;
      const auto byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
      if ((byte & 0x80) == 0) return true;
    }
    return false;
  }

  bool fixed(std::size_t size, WireField& field) {
    if (rest_.size() < size) return false;
    for (std::size_t i = 0; i < size; ++i)
      field.value |= static_cast<std::uint64_t>(static_cast<unsigned char>(rest_[i])) << (8 * i);
    rest_.remove_prefix(size);
    return true;
  }

  std::string_view rest_;
  bool broken_ = false;
};

std::string_view scalar(std::uint64_t type) {
  static constexpr std::array<std::string_view, 19> names{
      "",        "double",   "float",    "int64",  "uint64", "int32", "fixed64",
      "fixed32", "bool",     "string",   "",       "",       "bytes", "uint32",
      "",        "sfixed32", "sfixed64", "sint32", "sint64"};
  return type < names.size() ? names[type] : "";
}

constexpr std::uint64_t group_type = 10;

struct FieldFacts {
  std::string name, type_name, extendee, default_value;
  std::uint64_t number = 0, label = 1, type = 0;
  std::optional<std::uint64_t> oneof;
  std::optional<bool> packed;
  bool has_default = false;
  bool proto3_optional = false;
};

struct MapEntry {
  std::string key, value;
};

class DescriptorReader {
 public:
  Result<ProtoFile> read(std::string_view bytes) {
    std::string syntax = "proto2";
    // The syntax stands behind what depends on it.
    each(bytes, [&](const WireField& field) {
      if (field.number == 12) syntax = field.bytes;
      if (field.number == 1) file_.name = field.bytes;
      if (field.number == 2) file_.package = field.bytes;
    });
    proto2_ = syntax == "proto2";
    add("syntax", {syntax, {}, 0});
    if (!file_.package.empty()) add("package", {file_.package, {}, 0});
    imports(bytes);
    each(bytes, [&](const WireField& field) {
      if (field.number == 4) message(field.bytes, file_.package, 0);
      if (field.number == 5) enumeration(field.bytes, file_.package);
      if (field.number == 6) service(field.bytes);
      if (field.number == 7) extension(field.bytes);
    });
    if (broken_) return error("descriptor", "its serialized descriptor is damaged");
    if (file_.name.empty()) return error("descriptor", "its serialized descriptor has no name");
    return std::move(file_);
  }

 private:
  void each(std::string_view bytes, const std::function<void(const WireField&)>& visit) {
    Wire wire(bytes);
    WireField field;
    while (wire.next(field)) visit(field);
    broken_ = broken_ || wire.broken();
  }

  void add(const std::string& key, ProtoStatement statement) {
    file_.statements[key] = std::move(statement);
  }

  static std::string within(const std::string& scope, std::string_view name) {
    return scope.empty() ? std::string(name) : scope + "." + std::string(name);
  }

  static std::string plain(std::string_view type) {
    return std::string(type.starts_with(".") ? type.substr(1) : type);
  }

  void imports(std::string_view bytes) {
    std::vector<std::string> paths;
    std::set<std::uint64_t> open;
    std::set<std::uint64_t> weak;
    each(bytes, [&](const WireField& field) {
      if (field.number == 3) paths.emplace_back(field.bytes);
      if (field.number == 10) open.insert(field.value);
      if (field.number == 11) weak.insert(field.value);
    });
    for (std::size_t i = 0; i < paths.size(); ++i)
      add("import of " + paths[i], {open.count(i) != 0   ? "import public"
                                    : weak.count(i) != 0 ? "import weak"
                                                         : "import",
                                    {},
                                    0});
  }

  FieldFacts field_of(std::string_view bytes) {
    FieldFacts facts;
    each(bytes, [&](const WireField& field) {
      switch (field.number) {
        case 1:
          facts.name = field.bytes;
          break;
        case 2:
          facts.extendee = field.bytes;
          break;
        case 3:
          facts.number = field.value;
          break;
        case 4:
          facts.label = field.value;
          break;
        case 5:
          facts.type = field.value;
          break;
        case 6:
          facts.type_name = field.bytes;
          break;
        case 7:
          facts.default_value = field.bytes;
          facts.has_default = true;
          break;
        case 8:
          each(field.bytes, [&](const WireField& option) {
            if (option.number == 2) facts.packed = option.value != 0;
          });
          break;
        case 9:
          facts.oneof = field.value;
          break;
        case 17:
          facts.proto3_optional = field.value != 0;
          break;
        default:
          break;
      }
    });
    return facts;
  }

  static std::string type_of(const FieldFacts& facts) {
    const std::string_view known = scalar(facts.type);
    return known.empty() ? plain(facts.type_name) : std::string(known);
  }

  ProtoStatement statement_of(const FieldFacts& facts, const std::vector<std::string>& oneofs,
                              const std::map<std::string, MapEntry>& maps) {
    ProtoStatement statement;
    const bool in_oneof = facts.oneof && !facts.proto3_optional;
    const auto map = maps.find(plain(facts.type_name));
    if (map != maps.end() && facts.label == 3) {
      statement.shape = "map<%, %>";
      statement.types = {map->second.key, map->second.value};
    } else {
      if (facts.label == 3) statement.shape = "repeated ";
      if (facts.label == 2) statement.shape = "required ";
      if (facts.label == 1 && (facts.proto3_optional || (proto2_ && !in_oneof)))
        statement.shape = "optional ";
      statement.shape += facts.type == group_type ? "group %" : "%";
      statement.types = {type_of(facts)};
    }
    statement.shape += " " + facts.name;
    if (in_oneof && *facts.oneof < oneofs.size())
      statement.shape += " in oneof " + oneofs[*facts.oneof];
    if (facts.has_default) statement.shape += default_text(type_of(facts), facts.default_value);
    if (facts.packed) statement.shape += *facts.packed ? " packed true" : " packed false";
    return statement;
  }

  /// A message that stands for a map: its full name with the types of key and value.
  void collect_map(std::string_view bytes, const std::string& scope,
                   std::map<std::string, MapEntry>& maps) {
    bool entry = false;
    std::string name;
    MapEntry types;
    each(bytes, [&](const WireField& field) {
      if (field.number == 1) name = field.bytes;
      if (field.number == 7)
        each(field.bytes, [&](const WireField& option) {
          if (option.number == 7) entry = option.value != 0;
        });
      if (field.number == 2) {
        const FieldFacts facts = field_of(field.bytes);
        (facts.number == 1 ? types.key : types.value) = type_of(facts);
      }
    });
    if (entry) maps[within(scope, name)] = types;
  }

  void message(std::string_view bytes, const std::string& scope, int depth) {
    if (depth > deepest) {
      broken_ = true;
      return;
    }
    std::string full;
    std::vector<std::string> oneofs;
    std::map<std::string, MapEntry> maps;
    each(bytes, [&](const WireField& field) {
      if (field.number == 1) full = within(scope, field.bytes);
      if (field.number == 8)
        each(field.bytes, [&](const WireField& oneof) {
          if (oneof.number == 1) oneofs.emplace_back(oneof.bytes);
        });
    });
    each(bytes, [&](const WireField& field) {
      if (field.number == 3) collect_map(field.bytes, full, maps);
    });
    add("message " + full, {"defined", {}, 0});
    each(bytes, [&](const WireField& field) {
      if (field.number == 2) {
        const FieldFacts facts = field_of(field.bytes);
        add("field " + std::to_string(facts.number) + " of " + full,
            statement_of(facts, oneofs, maps));
      } else if (field.number == 3) {
        std::map<std::string, MapEntry> own;
        collect_map(field.bytes, full, own);
        if (own.empty()) message(field.bytes, full, depth + 1);
      } else if (field.number == 4) {
        enumeration(field.bytes, full);
      } else if (field.number == 6) {
        extension(field.bytes);
      }
    });
  }

  void extension(std::string_view bytes) {
    const FieldFacts facts = field_of(bytes);
    ProtoStatement statement = statement_of(facts, {}, {});
    statement.shape += " extends %";
    statement.types.push_back(plain(facts.extendee));
    const std::string last = facts.extendee.substr(facts.extendee.rfind('.') + 1);
    add("field " + std::to_string(facts.number) + " that extends " + last, std::move(statement));
  }

  void enumeration(std::string_view bytes, const std::string& scope) {
    std::string full;
    each(bytes, [&](const WireField& field) {
      if (field.number == 1) full = within(scope, field.bytes);
    });
    add("enum " + full, {"defined", {}, 0});
    each(bytes, [&](const WireField& field) {
      if (field.number != 2) return;
      std::string name;
      std::int32_t number = 0;
      each(field.bytes, [&](const WireField& value) {
        if (value.number == 1) name = value.bytes;
        if (value.number == 2) number = static_cast<std::int32_t>(value.value);
      });
      add("value " + name + " of " + full, {std::to_string(number), {}, 0});
    });
  }

  void service(std::string_view bytes) {
    file_.services = true;
    std::string full;
    each(bytes, [&](const WireField& field) {
      if (field.number == 1) full = within(file_.package, field.bytes);
    });
    add("service " + full, {"defined", {}, 0});
    each(bytes, [&](const WireField& field) {
      if (field.number != 2) return;
      std::string name, input, output;
      bool streams_in = false, streams_out = false;
      each(field.bytes, [&](const WireField& part) {
        if (part.number == 1) name = part.bytes;
        if (part.number == 2) input = plain(part.bytes);
        if (part.number == 3) output = plain(part.bytes);
        if (part.number == 5) streams_in = part.value != 0;
        if (part.number == 6) streams_out = part.value != 0;
      });
      const std::string shape = std::string(streams_in ? "(stream %)" : "(%)") + " returns " +
                                (streams_out ? "(stream %)" : "(%)");
      add("rpc " + name + " of " + full, {shape, {input, output}, 0});
      file_.methods.push_back("/" + full + "/" + name);
    });
  }

  ProtoFile file_;
  bool proto2_ = true;
  bool broken_ = false;
};

}  // namespace

Result<ProtoFile> read_descriptor(std::string_view bytes) {
  return DescriptorReader().read(bytes);
}

}  // namespace muster::preflight
