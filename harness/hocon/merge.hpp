#pragma once

#include <vector>

#include "hocon/node.hpp"

namespace muster::hocon {

/// Whether `node` hides whatever it overrides: every known value but an object does.
bool hides_older(const Node& node);

/// `newer` over `older`: objects merge, a value that is not known yet keeps both.
const Node* over(Tree& tree, const Node* newer, const Node* older);

/// What `stack` comes to, without its values resolved; null for an empty one.
const Node* fold(Tree& tree, const Stack* stack);

/// Joins what stands side by side: objects merge, lists are joined, all else becomes text; what is
/// unknown stays for later. What it comes to stands at `spot`, unless it is one of the pieces. Null
/// when there is nothing. Throws Failure of code `type`.
const Node* concatenate(Tree& tree, const std::vector<const Node*>& pieces, const Spot& spot);

}  // namespace muster::hocon
