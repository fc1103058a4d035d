// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/ContentKeyFile.h"

#include "core/base/Error.h"
#include "core/model/SafeTensors.h"

#include <algorithm>
#include <cmath>

namespace hayloft {

namespace {

const char* const kRemedy = "copy the model folder again, or train the content keys anew";

StoredTensor halves(const std::vector<float>& values)
{
    return StoredTensor::halves(values, { static_cast<std::int64_t>(values.size()) });
}

/// The parts of a file, checked for shape and type.
class Parts {
public:
    explicit Parts(const std::filesystem::path& file) : m_file(file), m_tensors(loadSafeTensors(file)) {}

    bool has(const char* name) const { return m_tensors.contains(name); }
    const StoredTensor& part(const char* name, std::size_t dimensions) const
    {
        const auto found = m_tensors.find(name);
        if (found == m_tensors.end() || found->second.shape.size() != dimensions)
            throw Error(std::string("content keys lack the tensor ") + name, m_file.string(), kRemedy);
        return found->second;
    }
    std::vector<float> floats(const char* name, std::size_t dimensions = 1) const
    {
        auto values = part(name, dimensions).floats();
        if (!std::all_of(values.begin(), values.end(), [](float value) { return std::isfinite(value); }))
            throw Error(std::string("tensor ") + name + " holds values that are no numbers", m_file.string(), kRemedy);
        return values;
    }

private:
    std::filesystem::path m_file;
    NamedTensors m_tensors;
};

} // namespace

void saveContentKeys(const ContentKeyTable& table, const std::filesystem::path& file)
{
    std::vector<std::int32_t> hashes;
    for (const std::uint64_t hash : table.words) {
        hashes.push_back(static_cast<std::int32_t>(hash >> 32));
        hashes.push_back(static_cast<std::int32_t>(hash & 0xFFFFFFFFu));
    }
    const auto words = static_cast<std::int64_t>(table.words.size());
    const std::vector<std::int32_t> rows(table.meaningRow.begin(), table.meaningRow.end());
    const std::span meanings(table.meanings.data(), static_cast<std::size_t>(table.meanings.size()));
    const float settings[] = {table.unknownRarity, table.meaningShare, table.meaningPivot};
    const float absence[] = {table.absence.bias, table.absence.coverage, table.absence.brevity};
    NamedTensors tensors {{"words", StoredTensor::of(std::span<const std::int32_t>(hashes), {words, 2})},
                          {"rarity", halves(table.rarity)},
                          {"meaning_row", StoredTensor::of(std::span<const std::int32_t>(rows), {words})},
                          {"meanings", StoredTensor::halves(meanings, {table.meanings.rows(), table.meanings.cols()})},
                          {"read_weight", halves(table.readWeight)},
                          {"write_weight", halves(table.writeWeight)},
                          {"token_rarity", halves(table.tokenRarity)},
                          {"settings", StoredTensor::of(std::span<const float>(settings), {3})},
                          {"absence", StoredTensor::of(std::span<const float>(absence), {3})}};
    if (!table.meaningShift.empty())
        tensors.emplace("meaning_shift", halves(table.meaningShift));
    saveSafeTensors(tensors, file);
}

ContentKeyTable loadContentKeys(const std::filesystem::path& file)
{
    const Parts parts(file);
    ContentKeyTable table;
    const auto& hashes = parts.part("words", 2);
    const auto pairs = hashes.ints();
    for (std::size_t i = 0; i + 1 < pairs.size() && hashes.shape[1] == 2; i += 2)
        table.words.push_back(static_cast<std::uint64_t>(static_cast<std::uint32_t>(pairs[i])) << 32 | static_cast<std::uint32_t>(pairs[i + 1]));
    table.rarity = parts.floats("rarity");
    const auto rows = parts.part("meaning_row", 1).ints();
    table.meaningRow.assign(rows.begin(), rows.end());
    const auto meanings = parts.floats("meanings", 2);
    const auto& shape = parts.part("meanings", 2).shape;
    table.meanings = Eigen::Map<const Matrix>(meanings.data(), shape[0], shape[1]);
    table.readWeight = parts.floats("read_weight");
    table.writeWeight = parts.floats("write_weight");
    table.tokenRarity = parts.floats("token_rarity");
    if (parts.has("meaning_shift")) // older keys have none
        table.meaningShift = parts.floats("meaning_shift");
    const auto settings = parts.floats("settings");
    const auto absence = parts.floats("absence");
    if (settings.size() != 3 || absence.size() != 3)
        throw Error("the settings of the content keys are not three numbers each", file.string(), kRemedy);
    table.unknownRarity = settings[0];
    table.meaningShare = settings[1];
    table.meaningPivot = settings[2];
    table.absence = {absence[0], absence[1], absence[2]};
    return table;
}

} // namespace hayloft
