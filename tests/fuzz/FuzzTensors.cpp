// SPDX-License-Identifier: GPL-3.0-or-later
#include "FuzzTensors.h"

#include "core/base/Error.h"
#include "core/model/LarimarLayout.h"

namespace hayloft::fuzz {

namespace {

/// In a buffer of exactly the right size: a write beyond it is found.
void readAll(const TensorView& view)
{
    std::vector<float> numbers(static_cast<std::size_t>(view.rows() * view.columns()));
    view.readRows(0, view.rows(), numbers.data());
}

void readPlan(const ImportPlan& plan)
{
    for (const PlannedTensor& tensor : plan.tensors())
        for (const RowSource& part : tensor.parts) {
            std::vector<float> numbers(static_cast<std::size_t>(part.rows * tensor.columns()));
            part.read(0, part.rows, numbers.data());
        }
}

void planEncoder(const std::shared_ptr<TensorFile>& file)
{
    ImportSource source(file, ImportSource::prefixOf(*file, "embeddings.word_embeddings.weight").value_or(""));
    ImportPlan plan;
    planBert(plan, source, bertSizes(source));
    readPlan(plan);
}

void planDecoder(const std::shared_ptr<TensorFile>& file)
{
    ImportSource source(file, ImportSource::prefixOf(*file, "wte.weight").value_or(""));
    const Gpt2Sizes sizes = gpt2Sizes(source);
    ImportPlan plan;
    planGpt2(plan, source, sizes, sizes.vocabulary);
    checkTiedHead(source, "lm_head.weight", "wte.weight");
    readPlan(plan);
}

} // namespace

void useTensors(const std::shared_ptr<TensorFile>& file)
{
    for (const TensorView& tensor : file->tensors()) {
        file->verify(tensor);
        file->release(tensor.bytes);
        if (!isFloatingPoint(tensor.type) || tensor.shape.size() > 2)
            continue;
        readAll(tensor);
        if (tensor.shape.size() == 2)
            readAll(tensor.transposed());
    }
    for (const auto plan : { &planEncoder, &planDecoder })
        try {
            plan(file);
        } catch (const Error&) { // not every file is both
        }
}

} // namespace hayloft::fuzz
