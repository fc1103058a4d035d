// SPDX-License-Identifier: GPL-3.0-or-later
// Searches a UTF-8 text of any size on a worker thread.
#include "widgets/document/TextSearch.h"

#include <QCoreApplication>
#include <QRegularExpression>
#include <algorithm>

namespace hayloft {
namespace {

/// Large texts are searched in pieces that end at a line feed, which bounds the memory of the UTF-16 copy.
constexpr std::size_t kPiece = std::size_t{16} << 20;

QRegularExpression expressionOf(const SearchQuery& query)
{
    QString pattern = query.text;
    if (!query.regex) {
        QStringList words;
        for (const QString& word : query.text.split(QLatin1Char(' '), Qt::SkipEmptyParts))
            words << QRegularExpression::escape(word);
        pattern = words.join(QStringLiteral("\\s+"));
    }
    auto options = QRegularExpression::UseUnicodePropertiesOption | QRegularExpression::MultilineOption;
    if (!query.caseSensitive)
        options |= QRegularExpression::CaseInsensitiveOption;
    return QRegularExpression(pattern, options);
}

/// Turns ascending UTF-16 positions of a decoded piece into byte offsets.
class ByteCounter {
public:
    ByteCounter(const QString& text, std::size_t begin) : m_text(text), m_byte(begin) {}
    std::size_t at(qsizetype position)
    {
        for (; m_position < position; ++m_position) {
            const QChar c = m_text[m_position];
            // A surrogate pair is four bytes: two for each half.
            m_byte += c.unicode() < 0x80 ? 1 : c.unicode() < 0x800 || c.isSurrogate() ? 2 : 3;
        }
        return m_byte;
    }

private:
    const QString& m_text;
    std::size_t m_byte;
    qsizetype m_position = 0;
};

std::size_t pieceEnd(const std::string& text, std::size_t begin)
{
    if (text.size() - begin <= kPiece)
        return text.size();
    const std::size_t feed = text.rfind('\n', begin + kPiece);
    if (feed != std::string::npos && feed > begin)
        return feed + 1;
    std::size_t end = begin + kPiece;
    while ((static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
        --end;
    return end;
}

} // namespace

SearchResult searchText(const std::string& text, const SearchQuery& query, const std::atomic<bool>& cancelled)
{
    SearchResult result;
    result.query = query;
    const QRegularExpression expression = expressionOf(query);
    if (!expression.isValid()) {
        result.error = QCoreApplication::translate("hayloft::TextSearch", "Invalid expression: %1 (at character %2)")
                           .arg(expression.errorString())
                           .arg(expression.patternErrorOffset() + 1);
        return result;
    }
    if (expression.pattern().isEmpty())
        return result;
    constexpr std::size_t kMark = 3;
    for (std::size_t begin = 0, end = 0; begin < text.size() && !cancelled; begin = end) {
        end = pieceEnd(text, begin);
        // fromUtf8 swallows a byte order mark at the start of what it is given.
        const std::size_t mark = text.compare(begin, kMark, "\xEF\xBB\xBF") == 0 ? kMark : 0;
        const QString piece = QString::fromUtf8(text.data() + begin, static_cast<qsizetype>(end - begin));
        ByteCounter bytes(piece, begin + mark);
        for (auto matches = expression.globalMatch(piece); matches.hasNext() && !cancelled;) {
            const QRegularExpressionMatch match = matches.next();
            if (match.capturedLength() == 0)
                continue;
            const std::size_t first = bytes.at(match.capturedStart());
            result.hits.push_back({first, bytes.at(match.capturedEnd())});
            if (result.hits.size() >= kMaxHits) {
                result.truncated = true;
                return result;
            }
        }
    }
    return result;
}

TextSearch::TextSearch(QObject* parent) : QObject(parent) { m_pool.setMaxThreadCount(1); }

TextSearch::~TextSearch()
{
    cancel();
    m_pool.waitForDone();
}

void TextSearch::cancel()
{
    if (m_cancelled)
        *m_cancelled = true;
    m_cancelled.reset();
}

void TextSearch::start(std::shared_ptr<const std::string> text, const SearchQuery& query)
{
    cancel();
    auto flag = std::make_shared<std::atomic<bool>>(false);
    m_cancelled = flag;
    m_pool.start([this, text = std::move(text), query, flag] {
        auto result = std::make_shared<const SearchResult>(searchText(*text, query, *flag));
        // The destructor waits for this thread, and a queued call dies with its receiver.
        QMetaObject::invokeMethod(this, [this, result, flag] {
            if (!*flag)
                Q_EMIT finished(result);
        }, Qt::QueuedConnection);
    });
}

} // namespace hayloft
