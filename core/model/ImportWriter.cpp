// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/ImportWriter.h"

#include "core/base/Format.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <Eigen/Core>

namespace hayloft {

namespace {

constexpr std::int64_t kNumbersAtOnce = 1 << 20;

template <typename Number> bool append(std::span<const float> numbers, std::vector<std::byte>& out)
{
    const std::size_t begin = out.size();
    out.resize(begin + numbers.size() * sizeof(Number));
    bool finite = true;
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        const Number rounded(numbers[i]);
        finite &= std::isfinite(static_cast<float>(rounded));
        std::memcpy(out.data() + begin + i * sizeof(Number), &rounded, sizeof rounded);
    }
    return finite;
}

/// One tensor's rows, read and released in blocks.
class RowPump {
public:
    RowPump(const PlannedTensor& tensor, TensorType type, SafeTensorsWriter& writer)
        : m_tensor(tensor)
        , m_type(type)
        , m_writer(writer)
    {
    }

    void pump(const RowSource& source, const std::function<void(std::int64_t)>& done)
    {
        for (const TensorView& view : source.views)
            source.file->verify(view);
        const std::int64_t columns = m_tensor.columns(), rowsAtOnce = std::max<std::int64_t>(1, kNumbersAtOnce / columns);
        for (std::int64_t first = 0; first < source.rows; first += rowsAtOnce) {
            const std::int64_t count = std::min(rowsAtOnce, source.rows - first);
            m_numbers.resize(static_cast<std::size_t>(count * columns));
            source.read(first, count, m_numbers.data());
            m_bytes.clear();
            appendRounded(m_numbers, m_type, m_tensor.name, source.file ? source.file->where() : "random numbers", m_bytes);
            m_writer.append(m_bytes);
            release(source, first, count);
            done(count * columns);
        }
        for (const TensorView& view : source.views)
            source.file->release(view.bytes);
    }

private:
    static void release(const RowSource& source, std::int64_t first, std::int64_t count)
    {
        if (source.views.empty() || !source.views.front().isContiguous())
            return; // the rows of a transposed tensor lie all over it
        const TensorView& view = source.views.front();
        const std::size_t row = static_cast<std::size_t>(view.columns()) * sizeOf(view.type);
        source.file->release(view.bytes.subspan(static_cast<std::size_t>(first) * row, static_cast<std::size_t>(count) * row));
    }

    const PlannedTensor& m_tensor;
    TensorType m_type;
    SafeTensorsWriter& m_writer;
    std::vector<float> m_numbers;
    std::vector<std::byte> m_bytes;
};

} // namespace

void appendRounded(std::span<const float> numbers, TensorType type, const std::string& tensor, const std::string& where, std::vector<std::byte>& out)
{
    if (!std::all_of(numbers.begin(), numbers.end(), [](float number) { return std::isfinite(number); }))
        throw Error("the tensor for " + tensor + " holds values that are no numbers", where, "import an undamaged checkpoint");
    bool finite = true;
    if (type == TensorType::Float16)
        finite = append<Eigen::half>(numbers, out);
    else if (type == TensorType::BFloat16)
        finite = append<Eigen::bfloat16>(numbers, out);
    else
        append<float>(numbers, out);
    if (!finite)
        throw Error("the tensor for " + tensor + " holds numbers that " + (type == TensorType::Float16 ? "float16" : "bfloat16") + " does not have", where,
                    type == TensorType::Float16 ? "import with --dtype bfloat16 or float32" : "import with --dtype float32");
}

void writePlan(const ImportPlan& plan, TensorType type, const std::filesystem::path& file, const std::map<std::string, std::string>& metadata,
               const Task& task)
{
    std::vector<TensorHeader> headers;
    double total = 0, written = 0;
    for (const PlannedTensor& tensor : plan.tensors()) {
        headers.push_back({ tensor.name, type, tensor.shape });
        total += static_cast<double>(headers.back().bytes());
    }
    SafeTensorsWriter writer(file, headers, metadata);
    for (const PlannedTensor& tensor : plan.tensors()) {
        RowPump pump(tensor, type, writer);
        for (const RowSource& part : tensor.parts)
            pump.pump(part, [&](std::int64_t count) {
                written += static_cast<double>(count) * static_cast<double>(sizeOf(type));
                task.report({ "import", written / 1e6, total / 1e6, "MB", tensor.name });
            });
    }
    task.report({ "flush to disk", 0, 0, "", "" });
    writer.finish();
}

} // namespace hayloft
