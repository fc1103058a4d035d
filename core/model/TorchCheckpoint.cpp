// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/TorchCheckpoint.h"

#include "core/base/Error.h"
#include "core/base/Format.h"
#include "core/model/ForeignFile.h"
#include "core/model/PickleReader.h"

#include <algorithm>
#include <cmath>

namespace hayloft {

namespace {

using nlohmann::ordered_json;

constexpr std::size_t kCheckedAtOnce = 4u << 20;
constexpr std::size_t kMaxSettings = 1000, kMaxListed = 100, kMaxSettingText = 1000;

bool isDictionary(const PickleNode& node) { return node.kind == PickleKind::Dict || node.kind == PickleKind::Object; }

/// A setting as JSON. What is no plain value is named, not shown.
ordered_json setting(const PickleTree& tree, PickleId id, bool inList = false)
{
    const PickleNode& node = tree[id];
    switch (node.kind) {
    case PickleKind::None:
        return nullptr;
    case PickleKind::Bool:
        return node.integer != 0;
    case PickleKind::Int:
        return node.integer;
    case PickleKind::Float:
        return std::isfinite(node.number) ? ordered_json(node.number) : ordered_json(tree.describe(id));
    case PickleKind::String:
        return shown(node.text, kMaxSettingText);
    case PickleKind::List:
    case PickleKind::Tuple: {
        if (inList || node.items.size() > kMaxListed)
            return tree.describe(id);
        ordered_json list = ordered_json::array();
        for (const PickleId item : node.items)
            list.push_back(setting(tree, item, true));
        return list;
    }
    default:
        return tree.describe(id);
    }
}

ordered_json settings(const PickleTree& tree, PickleId id)
{
    ordered_json result = ordered_json::object();
    for (const PickleNode* part : { &tree[tree[id].attributes], &tree[id] })
        for (std::size_t i = 0; i + 1 < part->items.size() && result.size() < kMaxSettings; i += 2)
            if (tree[part->items[i]].kind == PickleKind::String)
                result[shown(tree[part->items[i]].text)] = setting(tree, part->items[i + 1]);
    return result;
}

} // namespace

TorchCheckpoint::TorchCheckpoint(const std::filesystem::path& path)
    : m_where(path.string())
    , m_file(std::make_unique<MappedFile>(path))
{
    read(m_file->bytes());
}

TorchCheckpoint::TorchCheckpoint(std::span<const std::byte> bytes, std::string where)
    : m_where(std::move(where))
{
    read(bytes);
}

void TorchCheckpoint::fail(const std::string& what, const std::string& remedy) const { throw Error(what, m_where, remedy); }

void TorchCheckpoint::read(std::span<const std::byte> bytes)
{
    if (!ZipFile::isZip(bytes))
        fail("not a checkpoint of torch.save: " + describeForeignFile(bytes), "give a .ckpt or .bin file of PyTorch 1.6 or later, or a .safetensors file");
    m_zip.emplace(bytes, m_where);
    m_folder = archiveFolder();
    if (const ZipEntry* order = m_zip->find(m_folder + "byteorder"))
        if (std::string_view(reinterpret_cast<const char*>(order->bytes.data()), order->bytes.size()) != "little")
            fail("the checkpoint's numbers are not little-endian", "save it again on a little-endian machine");
    const ZipEntry& pickle = *m_zip->find(m_folder + "data.pkl");
    checkEntry(pickle);
    readState(readPickle(pickle.bytes, m_where));
}

/// All entries of torch.save lie in one folder, named after the file.
std::string TorchCheckpoint::archiveFolder() const
{
    const std::string pickle = "data.pkl";
    for (const ZipEntry& entry : m_zip->entries()) {
        const std::size_t size = entry.name.size();
        if (!entry.name.ends_with(pickle) || (size > pickle.size() && entry.name[size - pickle.size() - 1] != '/'))
            continue;
        const std::string folder = entry.name.substr(0, size - pickle.size());
        if (m_zip->find(folder + "constants.pkl"))
            fail("this is a TorchScript program, not a checkpoint", "give the checkpoint that it was made from");
        return folder;
    }
    fail("this zip archive is no checkpoint (it has no data.pkl)", "give a file that torch.save wrote");
}

void TorchCheckpoint::readState(const PickleTree& tree)
{
    if (!isDictionary(tree[tree.root]))
        fail("the checkpoint holds " + tree.describe(tree.root) + ", not a state dict", "save it as {\"state_dict\": model.state_dict()}");
    const auto state = tree.find(tree.root, "state_dict").value_or(tree.root);
    if (!isDictionary(tree[state]))
        fail("the checkpoint's state_dict is " + tree.describe(state), "save it as {\"state_dict\": model.state_dict()}");
    std::set<std::string> names;
    for (std::size_t i = 0; i + 1 < tree[state].items.size(); i += 2) {
        const PickleNode& key = tree[tree[state].items[i]];
        if (key.kind != PickleKind::String)
            fail("the checkpoint's state_dict has a key that is no text");
        if (!names.insert(key.text).second)
            fail("the checkpoint's state_dict has two entries named " + shown(key.text));
        m_tensors.push_back(view(tree, key.text, tree[state].items[i + 1]));
    }
    if (state == tree.root)
        return;
    for (std::size_t i = 0; i + 1 < tree[tree.root].items.size() && m_otherKeys.size() < kMaxSettings; i += 2)
        if (const PickleNode& key = tree[tree[tree.root].items[i]]; key.kind == PickleKind::String && key.text != "state_dict")
            m_otherKeys.push_back(shown(key.text));
    if (const auto found = tree.find(tree.root, "hyper_parameters"); found && isDictionary(tree[*found]))
        m_hyperParameters = settings(tree, *found);
}

TensorView TorchCheckpoint::view(const PickleTree& tree, const std::string& name, PickleId id) const
{
    const auto refuse = [&](const std::string& why) { fail("entry " + shown(name) + " of the state_dict " + why); };
    if (tree[id].kind != PickleKind::Tensor)
        refuse("is no plain tensor but " + tree.describe(id));
    const PickledTensor& tensor = tree.tensors[static_cast<std::size_t>(tree[id].integer)];
    const PickleNode& storage = tree[tensor.storage];
    if (!tensor.type)
        refuse("is of type " + shown(tree[storage.type].text) + ", which is not supported");
    const ZipEntry* const entry = m_zip->find(m_folder + "data/" + storage.text);
    if (!entry)
        refuse("has no data in the file");
    const std::uint64_t size = sizeOf(*tensor.type), stored = entry->bytes.size() / size;
    if (storage.integer < 0 || static_cast<std::uint64_t>(storage.integer) > stored)
        refuse("has less data in the file than it needs");
    if (std::any_of(tensor.strides.begin(), tensor.strides.end(), [](std::int64_t stride) { return stride < 0; }) || tensor.offset < 0)
        refuse("has a negative offset or stride");
    const auto count = elementCount(tensor.shape, stored); // no more than are stored: none stands for many
    if (!count)
        refuse("has the impossible shape " + shapeText(tensor.shape));
    std::uint64_t last = static_cast<std::uint64_t>(tensor.offset);
    for (std::size_t i = 0; i < tensor.shape.size() && *count > 0 && last < stored; ++i) {
        const auto steps = static_cast<std::uint64_t>(tensor.shape[i] - 1), stride = static_cast<std::uint64_t>(tensor.strides[i]);
        last = steps > 0 && stride > stored / steps ? stored : last + steps * stride;
    }
    if (*count > 0 && last >= stored)
        refuse("goes beyond its data in the file");
    const std::uint64_t first = *count > 0 ? static_cast<std::uint64_t>(tensor.offset) : 0;
    return { name, *tensor.type, tensor.shape, tensor.strides, entry->bytes.subspan(first * size, *count > 0 ? (last - first + 1) * size : 0) };
}

void TorchCheckpoint::verify(const TensorView& tensor)
{
    for (const ZipEntry& entry : m_zip->entries()) {
        const std::byte* const end = entry.bytes.data() + entry.bytes.size();
        if (!tensor.bytes.empty() && tensor.bytes.data() >= entry.bytes.data() && tensor.bytes.data() < end)
            checkEntry(entry);
    }
}

void TorchCheckpoint::checkEntry(const ZipEntry& entry)
{
    if (m_file)
        m_file->checkSize();
    if (entry.crc == 0 || !hasCrc32() || !m_verified.insert(entry.bytes.data()).second)
        return;
    std::uint32_t crc = 0;
    for (std::size_t at = 0; at < entry.bytes.size(); at += kCheckedAtOnce) {
        const auto part = entry.bytes.subspan(at, std::min(kCheckedAtOnce, entry.bytes.size() - at));
        crc = crc32Of(part, crc);
        release(part);
    }
    if (crc != entry.crc)
        fail("the checkpoint is damaged: its entry " + shown(entry.name) + " does not have its checksum");
}

void TorchCheckpoint::release(std::span<const std::byte> bytes) const
{
    if (m_file)
        m_file->release(bytes);
}

} // namespace hayloft
