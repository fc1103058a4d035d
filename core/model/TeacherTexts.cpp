// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/TeacherTexts.h"

#include "core/base/Error.h"
#include "core/model/SafeTensors.h"
#include "core/text/Utf8.h"

#include <algorithm>
#include <cmath>
#include <string_view>

namespace hayloft {

namespace {

constexpr Index kMostNumbers = 4096; ///< of a vector

std::vector<std::string> linesOf(std::string_view bytes)
{
    std::vector<std::string> lines;
    while (!bytes.empty()) {
        const std::size_t end = std::min(bytes.find('\n'), bytes.size());
        lines.emplace_back(bytes.substr(0, end));
        bytes.remove_prefix(std::min(end + 1, bytes.size()));
    }
    return lines;
}

} // namespace

TeacherTexts loadTeacherTexts(const std::filesystem::path& file)
{
    const auto fail = [&file](const std::string& what) {
        throw Error(what, file.string(), "make the file anew with tests/bench/sentence_encoder_vectors.py");
    };
    const NamedTensors tensors = loadSafeTensors(file);
    for (const char* name : {"teacher", "texts", "vectors"})
        if (!tensors.contains(name))
            fail(std::string("a teacher's texts lack the tensor ") + name);
    for (const char* name : {"teacher", "texts"}) // the name goes into config.json
        if (!utf8::isValid(tensors.at(name).bytes))
            fail(std::string("a teacher's ") + name + " tensor is not UTF-8");
    const StoredTensor& vectors = tensors.at("vectors");
    if (vectors.shape.size() != 2 || vectors.shape[1] < 1 || vectors.shape[1] > kMostNumbers)
        fail("a teacher's vectors are no matrix of up to " + std::to_string(kMostNumbers) + " columns");
    TeacherTexts read {tensors.at("teacher").bytes, linesOf(tensors.at("texts").bytes), {}};
    if (read.texts.empty() || static_cast<std::int64_t>(read.texts.size()) != vectors.shape[0])
        fail("a teacher has " + std::to_string(read.texts.size()) + " texts and " + std::to_string(vectors.shape[0]) + " vectors");
    const auto values = vectors.floats();
    read.vectors = Eigen::Map<const Matrix>(values.data(), vectors.shape[0], vectors.shape[1]);
    for (Index row = 0; row < read.vectors.rows(); ++row) {
        const float length = read.vectors.row(row).norm();
        if (!std::isfinite(length) || length <= 0)
            fail("vector " + std::to_string(row) + " of a teacher has no direction");
        read.vectors.row(row) /= length;
    }
    return read;
}

} // namespace hayloft
