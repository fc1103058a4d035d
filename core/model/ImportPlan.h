// SPDX-License-Identifier: GPL-3.0-or-later
// Which tensors of other programs' files become which of Hayloft's, and what is missing for that. Internal.
#pragma once

#include "core/model/TensorView.h"

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace hayloft {

/// Something that keeps a model from being imported.
struct ImportProblem {
    std::string tensor, what;
};

/// Some rows of a tensor that will be written.
struct RowSource {
    using Read = std::function<void(std::int64_t first, std::int64_t count, float* out)>;

    std::int64_t rows = 0;
    Read read; ///< rows `first` to `first + count`, float32, row-major
    TensorFile* file = nullptr;     ///< null where no file is read
    std::vector<TensorView> views;  ///< what is read of it
};

/// A tensor of Hayloft's and where its rows come from, one source after the other.
struct PlannedTensor {
    std::string name;
    Shape shape;
    std::vector<RowSource> parts;
    std::string source; ///< the name in the file, "*" for several
    std::string change; ///< "transposed", "q, k, v stacked", ...; empty: copied as it is

    std::int64_t rows() const { return shape.front(); }
    std::int64_t columns() const { return shape.size() > 1 ? shape[1] : 1; }
};

/// The tensors of one file under one prefix; keeps account of which were used and what was wrong with them.
class ImportSource {
public:
    ImportSource(std::shared_ptr<TensorFile> file, std::string prefix);

    /// The prefix before the one tensor whose name ends so. Nothing when there is none.
    static std::optional<std::string> prefixOf(const TensorFile& file, std::string_view ending);

    const std::string& prefix() const { return m_prefix; }
    /// The tensor, or null.
    const TensorView* find(const std::string& name) const;
    /// One of the sizes of a tensor that the layout cannot do without. @throws Error when it is missing.
    std::int64_t size(const std::string& name, std::size_t dimension, const char* what) const;
    /// One more than the greatest number in names "<before>N.", which are at most 1,000. @throws Error when there are none.
    std::int64_t layers(const std::string& before) const;
    /// Whether all is there as expected; notes a problem if not. Marks the tensor as used.
    const TensorView* need(const std::string& name, const Shape& shape);
    /// The tensor whatever its shape, marked as used; null without one.
    const TensorView* use(const std::string& name);
    void addProblem(const std::string& name, const std::string& what) { m_problems.push_back({ m_prefix + name, what }); }

    /// All rows of a view of one of its tensors.
    RowSource whole(const TensorView& view) const;
    const std::vector<ImportProblem>& problems() const { return m_problems; }
    const std::set<std::string>& used() const { return m_used; }
    TensorFile& file() const { return *m_file; }

private:
    std::shared_ptr<TensorFile> m_file;
    std::string m_prefix;
    std::unordered_map<std::string, const TensorView*> m_byName;
    std::vector<ImportProblem> m_problems;
    std::set<std::string> m_used; ///< full names
};

/// Builds the plan: each call adds one tensor of Hayloft's, or a problem to the source.
class ImportPlan {
public:
    /// @param from its name in the source, of the same shape
    void copy(ImportSource& source, const std::string& name, const Shape& shape, const std::string& from);
    /// GPT-2's Conv1D weights are stored input by output.
    void transpose(ImportSource& source, const std::string& name, const Shape& shape, const std::string& from);
    /// Tensors of `part`'s shape one below the other.
    void stack(ImportSource& source, const std::string& name, const Shape& part, const std::vector<std::string>& from, const std::string& change);
    /// The first rows of a tensor that has `stored` of them.
    void firstRows(ImportSource& source, const std::string& name, const Shape& shape, std::int64_t stored, const std::string& from);
    /// Row 0 of another tensor added to every row.
    void copyPlusRow(ImportSource& source, const std::string& name, const Shape& shape, const std::string& from, const Shape& otherShape,
                     const std::string& other);
    /// A table of token vectors with `added` more rows, each the mean of the others.
    void copyPlusMeans(ImportSource& source, const std::string& name, const Shape& stored, std::int64_t added, const std::string& from);
    /// Normal random numbers; the same for the same seed and name, however many are read at once.
    void random(const std::string& name, const Shape& shape, double deviation, std::uint64_t seed);

    const std::vector<PlannedTensor>& tensors() const { return m_tensors; }

private:
    std::vector<PlannedTensor> m_tensors;
};

} // namespace hayloft
