// SPDX-License-Identifier: GPL-3.0-or-later
// Searches a UTF-8 text of any size on a worker thread.
#pragma once

#include <QObject>
#include <QString>
#include <QThreadPool>
#include <atomic>
#include <memory>
#include <string>
#include <vector>

namespace hayloft {

struct SearchQuery {
    QString text;
    bool regex = false;
    bool caseSensitive = false;
    bool operator==(const SearchQuery&) const = default;
};

/// Bytes [begin, end) of the text.
struct TextRange {
    std::size_t begin = 0, end = 0;
};

struct SearchResult {
    SearchQuery query;
    std::vector<TextRange> hits; ///< ascending, not overlapping, none empty
    bool truncated = false;      ///< stopped at kMaxHits
    QString error;               ///< of an invalid regular expression
};

inline constexpr std::size_t kMaxHits = 100000;

/// Finds every hit. A plain query's spaces match any white space, so that a phrase is found across line breaks.
/// Returns early when `cancelled` turns true.
SearchResult searchText(const std::string& text, const SearchQuery& query, const std::atomic<bool>& cancelled);

/// Runs searchText on a thread of its own; a new search cancels the one before.
class TextSearch : public QObject {
    Q_OBJECT
public:
    explicit TextSearch(QObject* parent = nullptr);
    ~TextSearch() override;
    void start(std::shared_ptr<const std::string> text, const SearchQuery& query);
    void cancel();

Q_SIGNALS:
    void finished(std::shared_ptr<const hayloft::SearchResult> result);

private:
    QThreadPool m_pool;
    std::shared_ptr<std::atomic<bool>> m_cancelled;
};

} // namespace hayloft
