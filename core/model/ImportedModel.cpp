// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/ImportedModel.h"

#include "core/base/Error.h"
#include "core/base/Format.h"
#include "core/model/ZipFile.h"

namespace hayloft {

namespace {

namespace fs = std::filesystem;

/// BERT's and GPT-2's own initialisation.
constexpr double kInitialDeviation = 0.02;

fs::path folderOf(const fs::path& file) { return file.has_parent_path() ? file.parent_path() : fs::path("."); }

std::string baseName(const fs::path& path)
{
    const fs::path clean = path.lexically_normal();
    const fs::path last = clean.has_filename() ? clean.filename() : clean.parent_path().filename();
    return fs::is_directory(path) ? last.string() : last.stem().string();
}

/// Each piece has a row, and each row a piece.
void checkPieces(const ImportedModel& model, ImportSource& encoder, ImportSource& decoder, std::int64_t decoderRows)
{
    const VocabularySizes pieces = checkVocabularies(model.vocabularies);
    if (pieces.bert != model.sizes.encoder.vocabulary)
        encoder.addProblem("embeddings.word_embeddings.weight", grouped(model.sizes.encoder.vocabulary) + " rows for the " + grouped(pieces.bert) + " pieces of "
                           + model.vocabularies.bert.filename().string());
    if (pieces.gpt2 + kAddedTokens != model.sizes.decoder.vocabulary)
        decoder.addProblem("wte.weight", grouped(decoderRows) + " rows for the " + grouped(pieces.gpt2) + " pieces of " + model.vocabularies.gpt2.filename().string()
                           + " with <PAD>, <BOS> and <EOS>");
}

void finish(ImportedModel& model, const ImportOptions& options)
{
    model.network = networkOf(model.sizes, options.maxTokens, options.answerTokens);
    if (!hasCrc32())
        model.notes.push_back("checksums of the checkpoint were not checked (Hayloft was built without zlib)");
}

std::int64_t memoryRowsOf(const ImportSource& memory) { return memory.size("memory_mean", 0, "memory of Larimar"); }

std::string rootOf(const TensorFile& file)
{
    const auto root = ImportSource::prefixOf(file, "encoder.embeddings.word_embeddings.weight");
    if (root)
        return *root;
    std::string what = "not a checkpoint of Larimar: it has no tensor *.encoder.embeddings.word_embeddings.weight";
    if (!ImportSource::prefixOf(file, "memory.memory_mean"))
        for (const auto& [ending, name] : { std::pair("embeddings.word_embeddings.weight", "BERT"), std::pair("wte.weight", "GPT-2") })
            if (ImportSource::prefixOf(file, ending))
                what = std::string("this is a ") + name + " alone, not a Larimar";
    const std::string example = file.tensors().empty() ? " and no tensors at all" : " (its first tensor is " + shown(file.tensors().front().name) + ")";
    throw Error(what + example, file.where(), "give IBM's Lightning checkpoint, or a pair by --encoder and --decoder");
}

} // namespace

ImportedModel larimarModel(const ImportOptions& options)
{
    ImportedModel model;
    model.files.push_back(openTensors(options.checkpoint));
    const auto& file = model.files.front().file;
    const std::string root = rootOf(*file);
    for (const char* part : { "encoder.", "decoder.transformer.", "memory.", "decoder." })
        model.sources.push_back(std::make_unique<ImportSource>(file, root + part));
    ImportSource &encoder = *model.sources[0], &decoder = *model.sources[1], &memory = *model.sources[2], &head = *model.sources[3];

    LarimarSizes& sizes = model.sizes;
    sizes.encoder = bertSizes(encoder);
    sizes.decoder = gpt2Sizes(decoder);
    sizes.latent = decoder.size("linear_emb.weight", 1, "latent embedding of Larimar");
    sizes.memoryRows = memoryRowsOf(memory);
    const auto C = sizes.latent, d = sizes.decoder.width;
    planBert(model.plan, encoder, sizes.encoder);
    model.plan.firstRows(encoder, "to_latent.weight", { C, sizes.encoder.width }, 2 * C, "linear.weight"); // the others give a variance
    planGpt2(model.plan, decoder, sizes.decoder, sizes.decoder.vocabulary);
    model.plan.copy(decoder, "slot.weight", { d * sizes.decoder.layers, C }, "linear.weight");
    model.plan.copy(decoder, "latent_embedding.weight", { d, C }, "linear_emb.weight");
    model.plan.copy(memory, "memory_prior", { sizes.memoryRows, C }, "memory_mean");
    checkTiedHead(head, "lm_head.weight", "transformer.wte.weight");

    const fs::path folder = folderOf(options.checkpoint);
    model.vocabularies = { options.bertVocabulary, options.gpt2Vocabulary, options.gpt2Merges };
    model.vocabularies.find({ folder }, { folder });
    checkPieces(model, encoder, decoder, sizes.decoder.vocabulary);
    model.name = options.name.empty() ? baseName(options.checkpoint) : options.name;
    finish(model, options);
    return model;
}

ImportedModel pairModel(const ImportOptions& options)
{
    const HuggingFaceModel bert(options.encoder, "bert"), gpt2(options.decoder, "gpt2");
    ImportedModel model;
    model.files.push_back(openTensors(bert.weights));
    model.files.push_back(openTensors(gpt2.weights));
    const auto add = [&](const OpenedTensors& opened, const char* ending, const char* what) -> ImportSource& {
        const auto prefix = ImportSource::prefixOf(*opened.file, ending);
        if (!prefix)
            throw Error(std::string("no ") + what + " in this file: it has no tensor " + ending, opened.file->where(), "give the weights that belong to its config.json");
        return *model.sources.emplace_back(std::make_unique<ImportSource>(opened.file, *prefix));
    };
    ImportSource& encoder = add(model.files[0], "embeddings.word_embeddings.weight", "BERT encoder");
    ImportSource& decoder = add(model.files[1], "wte.weight", "GPT-2 decoder");

    LarimarSizes& sizes = model.sizes;
    sizes.encoder = bertSizes(encoder);
    sizes.encoder.heads = bert.heads("num_attention_heads", sizes.encoder.width);
    sizes.decoder = gpt2Sizes(decoder);
    sizes.decoder.heads = gpt2.heads("n_head", sizes.decoder.width);
    sizes.latent = options.latent;
    sizes.memoryRows = options.memoryRows;
    model.vocabularies = { options.bertVocabulary, options.gpt2Vocabulary, options.gpt2Merges };
    model.vocabularies.find({ bert.folder }, { gpt2.folder });
    const std::int64_t stored = sizes.decoder.vocabulary;
    if (checkVocabularies(model.vocabularies).gpt2 == stored)
        sizes.decoder.vocabulary = stored + kAddedTokens;
    checkPieces(model, encoder, decoder, stored);

    planBert(model.plan, encoder, sizes.encoder);
    planGpt2(model.plan, decoder, sizes.decoder, stored);
    const auto C = sizes.latent, d = sizes.decoder.width;
    model.plan.random("to_latent.weight", { C, sizes.encoder.width }, kInitialDeviation, options.seed);
    model.plan.random("slot.weight", { d * sizes.decoder.layers, C }, kInitialDeviation, options.seed);
    model.plan.random("latent_embedding.weight", { d, C }, kInitialDeviation, options.seed);
    model.plan.random("memory_prior", { sizes.memoryRows, C }, 1.0, options.seed);
    ImportSource& head = *model.sources.emplace_back(std::make_unique<ImportSource>(model.files[1].file, ""));
    checkTiedHead(head, "lm_head.weight", decoder.prefix() + "wte.weight");
    model.trained = false;
    model.name = options.name.empty() ? baseName(bert.folder) + "+" + baseName(gpt2.folder) : options.name;
    model.notes.push_back("untrained: to_latent, slot, latent_embedding and memory_prior are random numbers (seed " + std::to_string(options.seed)
                          + "), so the decoder knows nothing of the latent vectors");
    finish(model, options);
    return model;
}

} // namespace hayloft
