// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/ImportPlan.h"

#include "core/base/Error.h"
#include "core/base/Format.h"
#include "core/base/Random.h"

#include <algorithm>
#include <charconv>

namespace hayloft {

namespace {

const char* const kRemedy = "give a checkpoint of Larimar, or of BERT and GPT-2";
constexpr std::int64_t kMaxLayers = 1000;
constexpr std::int64_t kRowsAtOnce = 1024; ///< of a token table, for its mean

/// FNV-1a: gives each tensor random numbers of its own.
std::uint64_t hashOf(const std::string& name)
{
    std::uint64_t hash = 0xcbf29ce484222325ull;
    for (const char c : name)
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ull;
    return hash;
}

std::vector<double> meanOfRows(const TensorView& view, const TensorFile& file)
{
    std::vector<double> sums(static_cast<std::size_t>(view.columns()));
    std::vector<float> rows;
    for (std::int64_t first = 0; first < view.rows(); first += kRowsAtOnce) {
        const std::int64_t count = std::min(kRowsAtOnce, view.rows() - first);
        rows.resize(static_cast<std::size_t>(count) * sums.size());
        view.readRows(first, count, rows.data());
        for (std::size_t i = 0; i < rows.size(); ++i)
            sums[i % sums.size()] += rows[i];
        if (view.isContiguous())
            file.release(view.bytes.subspan(static_cast<std::size_t>(first) * sums.size() * sizeOf(view.type),
                                            static_cast<std::size_t>(count) * sums.size() * sizeOf(view.type)));
    }
    for (double& sum : sums)
        sum /= static_cast<double>(view.rows());
    return sums;
}

} // namespace

ImportSource::ImportSource(std::shared_ptr<TensorFile> file, std::string prefix)
    : m_file(std::move(file))
    , m_prefix(std::move(prefix))
{
    for (const TensorView& tensor : m_file->tensors())
        m_byName.emplace(tensor.name, &tensor);
}

std::optional<std::string> ImportSource::prefixOf(const TensorFile& file, std::string_view ending)
{
    for (const TensorView& tensor : file.tensors())
        if (tensor.name.ends_with(ending))
            if (const auto prefix = tensor.name.substr(0, tensor.name.size() - ending.size()); prefix.empty() || prefix.ends_with('.'))
                return prefix;
    return std::nullopt;
}

const TensorView* ImportSource::find(const std::string& name) const
{
    const auto found = m_byName.find(m_prefix + name);
    return found == m_byName.end() ? nullptr : found->second;
}

std::int64_t ImportSource::size(const std::string& name, std::size_t dimension, const char* what) const
{
    const TensorView* const tensor = find(name);
    const std::string full = shown(m_prefix + name);
    if (!tensor)
        throw Error("no " + std::string(what) + " in this file: it has no tensor " + full, m_file->where(), kRemedy);
    if (dimension >= tensor->shape.size() || tensor->shape[dimension] < 1 || tensor->shape[dimension] > (std::int64_t { 1 } << 24))
        throw Error("tensor " + full + " is " + shapeText(tensor->shape) + ", which is no " + what, m_file->where(), kRemedy);
    return tensor->shape[dimension];
}

std::int64_t ImportSource::layers(const std::string& before) const
{
    const std::string start = m_prefix + before;
    std::int64_t layers = 0;
    for (const auto& [name, tensor] : m_byName) {
        std::int64_t number = 0;
        if (!name.starts_with(start))
            continue;
        const char* const end = name.data() + name.size();
        const auto parsed = std::from_chars(name.data() + start.size(), end, number);
        if (parsed.ec == std::errc() && parsed.ptr != end && *parsed.ptr == '.' && number >= 0)
            layers = std::max(layers, number < kMaxLayers ? number + 1 : kMaxLayers + 1);
    }
    if (layers == 0 || layers > kMaxLayers)
        throw Error(layers == 0 ? "no layers in this file: it has no tensors " + shown(start) + "0.*" : "more than 1,000 layers " + shown(start),
                    m_file->where(), kRemedy);
    return layers;
}

const TensorView* ImportSource::use(const std::string& name)
{
    const TensorView* const tensor = find(name);
    if (tensor)
        m_used.insert(tensor->name);
    return tensor;
}

const TensorView* ImportSource::need(const std::string& name, const Shape& shape)
{
    const TensorView* const tensor = use(name);
    if (!tensor)
        addProblem(name, "missing");
    else if (tensor->shape != shape)
        addProblem(name, shapeText(tensor->shape) + " instead of " + shapeText(shape));
    else if (!isFloatingPoint(tensor->type))
        addProblem(name, "of type " + nameOf(tensor->type) + " instead of floating-point numbers");
    else
        return tensor;
    return nullptr;
}

RowSource ImportSource::whole(const TensorView& view) const
{
    return { view.rows(), [view](std::int64_t first, std::int64_t count, float* out) { view.readRows(first, count, out); }, m_file.get(), { view } };
}

void ImportPlan::copy(ImportSource& source, const std::string& name, const Shape& shape, const std::string& from)
{
    if (const TensorView* const tensor = source.need(from, shape))
        m_tensors.push_back({ name, shape, { source.whole(*tensor) }, tensor->name, "" });
}

void ImportPlan::transpose(ImportSource& source, const std::string& name, const Shape& shape, const std::string& from)
{
    if (const TensorView* const tensor = source.need(from, { shape[1], shape[0] }))
        m_tensors.push_back({ name, shape, { source.whole(tensor->transposed()) }, tensor->name, "transposed" });
}

void ImportPlan::stack(ImportSource& source, const std::string& name, const Shape& part, const std::vector<std::string>& from, const std::string& change)
{
    PlannedTensor planned { name, part, {}, source.prefix() + from.front(), change };
    planned.shape[0] *= static_cast<std::int64_t>(from.size());
    for (const auto& piece : from)
        if (const TensorView* const tensor = source.need(piece, part))
            planned.parts.push_back(source.whole(*tensor));
    if (planned.parts.size() == from.size())
        m_tensors.push_back(std::move(planned));
}

void ImportPlan::firstRows(ImportSource& source, const std::string& name, const Shape& shape, std::int64_t stored, const std::string& from)
{
    if (const TensorView* const tensor = source.need(from, { stored, shape[1] }))
        m_tensors.push_back({ name, shape, { source.whole(tensor->rowRange(0, shape[0])) }, tensor->name,
                              formatted("first %lld of %lld rows", static_cast<long long>(shape[0]), static_cast<long long>(stored)) });
}

void ImportPlan::copyPlusRow(ImportSource& source, const std::string& name, const Shape& shape, const std::string& from, const Shape& otherShape,
                             const std::string& other)
{
    const TensorView* const tensor = source.need(from, shape);
    const TensorView* const added = source.need(other, otherShape);
    if (!tensor || !added)
        return;
    RowSource rows = source.whole(*tensor);
    rows.views.push_back(*added);
    rows.read = [view = *tensor, row = *added](std::int64_t first, std::int64_t count, float* out) {
        view.readRows(first, count, out);
        std::vector<float> values(static_cast<std::size_t>(row.columns()));
        row.readRows(0, 1, values.data());
        for (std::size_t i = 0; i < values.size() * static_cast<std::size_t>(count); ++i)
            out[i] += values[i % values.size()];
    };
    m_tensors.push_back({ name, shape, { std::move(rows) }, tensor->name, "row 0 of " + shown(other) + " added" });
}

void ImportPlan::copyPlusMeans(ImportSource& source, const std::string& name, const Shape& stored, std::int64_t added, const std::string& from)
{
    const TensorView* const tensor = source.need(from, stored);
    if (!tensor)
        return;
    PlannedTensor planned { name, { stored[0] + added, stored[1] }, { source.whole(*tensor) }, tensor->name, "" };
    if (added > 0) {
        planned.change = std::to_string(added) + " rows added, the mean of the others";
        RowSource means { added, {}, &source.file(), {} };
        means.read = [view = *tensor, file = &source.file()](std::int64_t, std::int64_t count, float* out) {
            const std::vector<double> mean = meanOfRows(view, *file);
            for (std::int64_t row = 0; row < count; ++row)
                std::transform(mean.begin(), mean.end(), out + row * view.columns(), [](double value) { return static_cast<float>(value); });
        };
        planned.parts.push_back(std::move(means));
    }
    m_tensors.push_back(std::move(planned));
}

void ImportPlan::random(const std::string& name, const Shape& shape, double deviation, std::uint64_t seed)
{
    RowSource rows { shape[0], {}, nullptr, {} };
    rows.read = [columns = shape.size() > 1 ? shape[1] : 1, deviation, own = mixSeed(seed, hashOf(name))](std::int64_t first, std::int64_t count, float* out) {
        for (std::int64_t row = 0; row < count; ++row) {
            Random random(mixSeed(own, static_cast<std::uint64_t>(first + row)));
            std::generate_n(out + row * columns, columns, [&] { return static_cast<float>(deviation * random.normal()); });
        }
    };
    m_tensors.push_back({ name, shape, { std::move(rows) }, "", formatted("random numbers of deviation %g", deviation) });
}

} // namespace hayloft
