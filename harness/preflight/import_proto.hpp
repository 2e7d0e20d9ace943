#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

/// What a .proto file says, and what a descriptor that was made of one says, as the same list of
/// statements, so that they can be compared without protoc. Compared are syntax, package, imports,
/// messages, fields (number, name, type, label, oneof, default, packed), enums and their values,
/// extensions and services; not reserved names and other options, which generated code does not
/// depend on.
namespace muster::preflight {

/// One statement, e.g. `repeated atelier.State states`.
struct ProtoStatement {
  std::string shape;               ///< with `%` for each type: `repeated % states`
  std::vector<std::string> types;  ///< full names; `?Name` when it stands in another file
  int line = 0;                    ///< in the .proto; 0 in a descriptor

  std::string text() const;
};

struct ProtoFile {
  std::string name;     ///< of a descriptor: the path that protoc was given
  std::string package;  ///< dotted
  /// By what it is about: `field 3 of atelier.Order`, `value CUT of atelier.State`, …
  std::map<std::string, ProtoStatement> statements;
  std::vector<std::string> methods;  ///< `/atelier.Booking/Place` of each service
  bool services = false;
};

/// Error `proto` with line and column.
Result<ProtoFile> parse_proto(std::string_view text);

/// Reads a FileDescriptorProto (google/protobuf/descriptor.proto). Error `descriptor`.
Result<ProtoFile> read_descriptor(std::string_view bytes);

/// The serialized descriptor in a generated Python module: the bytes literal behind
/// `AddSerializedFile(` or `serialized_pb=`. Error `no_descriptor`.
Result<std::string> embedded_descriptor(std::string_view python);

struct ProtoDifference {
  int line = 0;      ///< in the .proto; 0: it has nothing of the kind
  std::string what;  ///< `field 3 of atelier.Order`
  std::string expected;
  std::string found;
};

/// What `stub` says otherwise than `proto`, in the order of the .proto's lines.
std::vector<ProtoDifference> compare_protos(const ProtoFile& proto, const ProtoFile& stub);

}  // namespace muster::preflight
