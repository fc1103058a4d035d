// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/ContentKeyFile.h"

#include "core/base/Error.h"
#include "core/model/SafeTensors.h"

#include <algorithm>

namespace hayloft {

namespace {

const char* const kRemedy = "copy the model folder again, or train the content keys anew";

torch::Tensor halves(const std::vector<float>& values)
{
    return torch::tensor(values, torch::kFloat32).to(torch::kFloat16);
}

/// The parts of a file, checked for shape and type.
class Parts {
public:
    explicit Parts(const std::filesystem::path& file) : m_file(file), m_tensors(loadSafeTensors(file)) {}

    torch::Tensor part(const char* name, std::int64_t dimensions) const
    {
        const auto found = m_tensors.find(name);
        if (found == m_tensors.end() || found->second.dim() != dimensions)
            throw Error(std::string("content keys lack the tensor ") + name, m_file.string(), kRemedy);
        return found->second;
    }
    std::vector<float> floats(const char* name) const
    {
        const auto tensor = part(name, 1).to(torch::kFloat32).contiguous();
        if (!torch::isfinite(tensor).all().item<bool>())
            throw Error(std::string("tensor ") + name + " holds values that are no numbers", m_file.string(), kRemedy);
        return {tensor.data_ptr<float>(), tensor.data_ptr<float>() + tensor.numel()};
    }

private:
    std::filesystem::path m_file;
    NamedTensors m_tensors;
};

} // namespace

void saveContentKeys(const ContentKeyTable& table, const std::filesystem::path& file)
{
    const auto words = static_cast<std::int64_t>(table.words.size());
    auto hashes = torch::empty({words, 2}, torch::kInt32);
    auto access = hashes.accessor<std::int32_t, 2>();
    for (std::int64_t i = 0; i < words; ++i) {
        const std::uint64_t hash = table.words[static_cast<std::size_t>(i)];
        access[i][0] = static_cast<std::int32_t>(hash >> 32);
        access[i][1] = static_cast<std::int32_t>(hash & 0xFFFFFFFFu);
    }
    const auto meanings = torch::from_blob(const_cast<float*>(table.meanings.data()), {table.meanings.rows(), table.meanings.cols()});
    std::vector<std::int32_t> rows(table.meaningRow.begin(), table.meaningRow.end());
    saveSafeTensors({{"words", hashes},
                     {"rarity", halves(table.rarity)},
                     {"meaning_row", torch::tensor(rows, torch::kInt32)},
                     {"meanings", meanings.to(torch::kFloat16)},
                     {"read_weight", halves(table.readWeight)},
                     {"write_weight", halves(table.writeWeight)},
                     {"token_rarity", halves(table.tokenRarity)},
                     {"settings", torch::tensor({table.unknownRarity, table.meaningShare, table.meaningPivot})},
                     {"absence", torch::tensor({table.absence.bias, table.absence.coverage, table.absence.brevity})}},
                    file);
}

ContentKeyTable loadContentKeys(const std::filesystem::path& file)
{
    const Parts parts(file);
    ContentKeyTable table;
    const auto hashes = parts.part("words", 2).to(torch::kInt32).contiguous();
    const auto* pairs = hashes.data_ptr<std::int32_t>();
    for (std::int64_t i = 0; i < hashes.size(0) && hashes.size(1) == 2; ++i)
        table.words.push_back(static_cast<std::uint64_t>(static_cast<std::uint32_t>(pairs[2 * i])) << 32 | static_cast<std::uint32_t>(pairs[2 * i + 1]));
    table.rarity = parts.floats("rarity");
    const auto rows = parts.part("meaning_row", 1).to(torch::kInt32).contiguous();
    table.meaningRow.assign(rows.data_ptr<std::int32_t>(), rows.data_ptr<std::int32_t>() + rows.numel());
    const auto meanings = parts.part("meanings", 2).to(torch::kFloat32).contiguous();
    table.meanings = Eigen::Map<const Matrix>(meanings.data_ptr<float>(), meanings.size(0), meanings.size(1));
    table.readWeight = parts.floats("read_weight");
    table.writeWeight = parts.floats("write_weight");
    table.tokenRarity = parts.floats("token_rarity");
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
