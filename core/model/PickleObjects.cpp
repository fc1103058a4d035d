// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/PickleObjects.h"

#include "core/base/Error.h"

#include <algorithm>
#include <array>
#include <utility>

namespace hayloft {

namespace {

constexpr std::size_t kMaxDimensions = 8, kMaxKey = 64;

using TypeName = std::pair<std::string_view, TensorType>;

constexpr std::array kStorages { TypeName { "torch.HalfStorage", TensorType::Float16 },    TypeName { "torch.BFloat16Storage", TensorType::BFloat16 },
                                 TypeName { "torch.FloatStorage", TensorType::Float32 },   TypeName { "torch.DoubleStorage", TensorType::Float64 },
                                 TypeName { "torch.CharStorage", TensorType::Int8 },       TypeName { "torch.ShortStorage", TensorType::Int16 },
                                 TypeName { "torch.IntStorage", TensorType::Int32 },       TypeName { "torch.LongStorage", TensorType::Int64 },
                                 TypeName { "torch.ByteStorage", TensorType::UInt8 },      TypeName { "torch.BoolStorage", TensorType::Bool } };

bool isOneOf(const std::string& name, std::initializer_list<std::string_view> names)
{
    return std::find(names.begin(), names.end(), name) != names.end();
}

} // namespace

void PickleObjects::fail(const std::string& what) const { throw Error(what, m_where, "copy or download the file again"); }

std::variant<PickleId, PickleNode> PickleObjects::made(PickleId callable, PickleId arguments)
{
    const PickleNode& type = m_tree[callable];
    const PickleNode& given = m_tree[arguments];
    if (type.kind != PickleKind::Class || given.kind != PickleKind::Tuple)
        fail("the pickle is damaged (a call of what is no class)");
    if (isOneOf(type.text, { "torch._utils._rebuild_tensor_v2", "torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v3" }))
        return tensor(given, type.text.ends_with("_v3"));
    return plain(type.text, callable, arguments);
}

std::variant<PickleId, PickleNode> PickleObjects::plain(const std::string& name, PickleId callable, PickleId arguments)
{
    const PickleNode& given = m_tree[arguments];
    const auto first = [&](PickleKind kind) { return !given.items.empty() && m_tree[given.items[0]].kind == kind; };
    if (isOneOf(name, { "torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state" }) && first(PickleKind::Tensor))
        return given.items[0];
    if (name == "torch.Size" && first(PickleKind::Tuple))
        return given.items[0];
    if (isOneOf(name, { "builtins.set", "builtins.frozenset", "builtins.list", "__builtin__.set", "__builtin__.frozenset" }) && first(PickleKind::List))
        return given.items[0];
    if (name == "torch.device" && first(PickleKind::String))
        return given.items[0];
    if (name == "_codecs.encode" && first(PickleKind::String)) // protocol 2 writes bytes this way
        return given.items[0];
    if ((name == "collections.OrderedDict" && given.items.empty()) || name == "collections.defaultdict")
        return PickleNode { PickleKind::Dict, callable, 0, 0, 0, {}, {} };
    return PickleNode { PickleKind::Object, callable, 0, 0, 0, {}, {} };
}

PickleNode PickleObjects::storage(PickleId description) const
{
    const PickleNode& tuple = m_tree[description];
    const auto is = [&](std::size_t i, PickleKind kind) { return m_tree[tuple.items[i]].kind == kind; };
    if (tuple.kind != PickleKind::Tuple || tuple.items.size() < 5 || !is(0, PickleKind::String) || m_tree[tuple.items[0]].text != "storage"
        || !is(1, PickleKind::Class) || !is(2, PickleKind::String) || !is(4, PickleKind::Int) || m_tree[tuple.items[2]].text.size() > kMaxKey)
        fail("the pickle refers to something that is not a storage of torch.save");
    return { PickleKind::Storage, tuple.items[1], m_tree[tuple.items[4]].integer, 0, 0, m_tree[tuple.items[2]].text, {} };
}

Shape PickleObjects::sizes(PickleId tuple) const
{
    const PickleNode& node = m_tree[tuple];
    if (node.kind != PickleKind::Tuple || node.items.size() > kMaxDimensions)
        fail("the pickle holds a damaged tensor");
    Shape sizes;
    for (const PickleId item : node.items) {
        if (m_tree[item].kind != PickleKind::Int)
            fail("the pickle holds a damaged tensor");
        sizes.push_back(m_tree[item].integer);
    }
    return sizes;
}

PickleNode PickleObjects::tensor(const PickleNode& arguments, bool namesType)
{
    const auto& items = arguments.items;
    if (items.size() < 4 || m_tree[items[0]].kind != PickleKind::Storage || m_tree[items[1]].kind != PickleKind::Int)
        fail("the pickle holds a damaged tensor");
    PickledTensor tensor { items[0], std::nullopt, m_tree[items[1]].integer, sizes(items[2]), sizes(items[3]) };
    if (tensor.shape.size() != tensor.strides.size())
        fail("the pickle holds a damaged tensor");
    const std::string& storage = m_tree[m_tree[items[0]].type].text;
    const auto found = std::find_if(kStorages.begin(), kStorages.end(), [&](const TypeName& entry) { return storage == entry.first; });
    if (found != kStorages.end() && !namesType) // _v3 is for types that have no storage class of their own
        tensor.type = found->second;
    m_tree.tensors.push_back(std::move(tensor));
    return { PickleKind::Tensor, 0, static_cast<std::int64_t>(m_tree.tensors.size() - 1), 0, 0, {}, {} };
}

void PickleObjects::setState(PickleId object, PickleId state)
{
    PickleNode& target = m_tree.nodes[object];
    if (target.kind != PickleKind::Object)
        return; // a dict with attributes; a tensor's would not change its numbers
    if (m_tree[state].kind == PickleKind::Dict)
        target.attributes = state; // shared, not copied: a short pickle may do this often
}

} // namespace hayloft
