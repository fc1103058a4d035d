// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/ImportedFolder.h"

#include "core/base/Error.h"
#include "core/base/Files.h"
#include "core/base/Format.h"
#include "core/base/Sha256.h"
#include "core/model/ModelFolder.h"

#include <algorithm>
#include <sstream>
#include <unistd.h>

namespace hayloft {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kSpareBytes = 64u << 20; ///< for the other files of the folder

fs::path cleaned(const fs::path& path)
{
    const fs::path clean = fs::absolute(path).lexically_normal();
    return clean.has_filename() ? clean : clean.parent_path();
}

template <typename Sizes> std::string blocks(const Sizes& sizes)
{
    return grouped(sizes.layers) + " layers, d " + grouped(sizes.width) + ", " + grouped(sizes.heads) + " heads, feed-forward " + grouped(sizes.feedForward)
        + ", " + grouped(sizes.vocabulary) + " tokens, " + grouped(sizes.positions) + " positions";
}

} // namespace

FolderInTheMaking::FolderInTheMaking(const fs::path& target)
    : m_target(cleaned(target))
{
    std::error_code code;
    if (fs::exists(m_target, code) && !(fs::is_directory(m_target, code) && fs::is_empty(m_target, code)))
        throw Error("there is something of this name already", target.string(), "give --out the name of a new folder");
    m_path = m_target;
    m_path += ".part-" + std::to_string(::getpid());
    fs::remove_all(m_path, code);
    if (!fs::create_directory(m_path, code))
        throw Error("cannot make a folder here (" + code.message() + ")", m_target.parent_path().string(), "make its parent first, or choose another");
}

FolderInTheMaking::~FolderInTheMaking()
{
    std::error_code code;
    if (!m_committed)
        fs::remove_all(m_path, code);
}

void FolderInTheMaking::commit()
{
    std::error_code code;
    fs::rename(m_path, m_target, code);
    if (code)
        throw Error("cannot name the finished folder (" + code.message() + ")", m_target.string(), "give --out another name");
    m_committed = true;
}

void checkSpace(const fs::path& target, std::uint64_t bytes)
{
    std::error_code code;
    const auto space = fs::space(cleaned(target).parent_path(), code);
    if (!code && space.available < bytes + kSpareBytes)
        throw Error("not enough space for " + grouped(static_cast<std::int64_t>((bytes + kSpareBytes) >> 20)) + " MiB (there are "
                        + grouped(static_cast<std::int64_t>(space.available >> 20)) + ")",
                    target.string(), "free some, or choose another disk or --dtype float16");
}

void writeConfig(const fs::path& folder, const ImportedModel& model, const ImportOptions& options, const Task& task)
{
    ModelConfig config;
    config.name = model.name;
    config.network = model.network;
    config.tokenizers = TokenizerKind::BertAndGpt2;
    config.prefixTokens = static_cast<int>(std::min<std::int64_t>(config.prefixTokens, model.network.maxTokens));
    auto names = tokenizerFiles(config.tokenizers);
    names.push_back(ModelFileNames::weights);
    for (const char* name : names) {
        task.report({ "hash", 0, 0, "", name });
        config.sha256[name] = sha256File(folder / name);
    }
    config.training = { { "imported_from", options.checkpoint.empty() ? model.name : shown(options.checkpoint.filename().string()) }, { "trained", model.trained } };
    if (!model.trained)
        config.training["seed"] = options.seed;
    if (const auto& settings = model.files.front().hyperParameters; !settings.empty())
        config.training["hyper_parameters"] = settings;
    saveModelConfig(folder, config);
}

void writeCard(const fs::path& folder, const ImportedModel& model, const ImportReport& report)
{
    std::ostringstream card;
    card << "# Model card: " << model.name << "\n\n"
         << "Imported by hayloft-cli import-checkpoint from " << report.source << ".\n\n"
         << "| | |\n| --- | --- |\n"
         << "| encoder | BERT: " << report.encoder << " |\n| decoder | GPT-2: " << report.decoder << " |\n| memory | " << report.memory << " |\n"
         << "| parameters | " << grouped(static_cast<std::int64_t>(report.parameters)) << " |\n";
    for (const std::string& note : report.notes)
        card << "\nNote: " << note << ".\n";
    writeFileAtomically(folder / ModelFileNames::card, card.str());
}

std::string inWords(const BertSizes& sizes) { return blocks(sizes); }

std::string inWords(const Gpt2Sizes& sizes) { return blocks(sizes); }

} // namespace hayloft
