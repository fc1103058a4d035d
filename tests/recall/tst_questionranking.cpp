// SPDX-License-Identifier: GPL-3.0-or-later
// Ranks of questions among planted facts, against an independent count.
#include "core/base/Error.h"
#include "core/base/Files.h"
#include "core/recall/QuestionRanking.h"
#include "tests/support/ToyModel.h"

#include <QTemporaryDir>
#include <QTest>

using namespace hayloft;

namespace {

/// The toy model with content keys of unknown words.
class KeyedToyModel : public ToyModel {
public:
    KeyedToyModel() : m_keys(table(), 768) {}
    const ContentKeys* contentKeys() const override { return &m_keys; }

private:
    static ContentKeyTable table()
    {
        ContentKeyTable table;
        table.meaningShare = 0;
        return table;
    }
    ContentKeys m_keys;
};

const char* const kHaystack = "A grey cat sat on the wall. Nobody came to the harbour that day. The lamp was lit at seven. "
                              "Two letters lay on the table. Snow fell on the river.";

RankingRow rowOf(const std::vector<RankingRow>& rows, const std::string& search)
{
    for (const auto& row : rows)
        if (row.search == search)
            return row;
    return {};
}

} // namespace

class TestQuestionRanking : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void questionsFindTheirFacts()
    {
        const std::vector<Needle> needles { { "Oskar hides the spare key in a hollow book.", "", "Where does Oskar hide the spare key?" },
                                            { "The geese guard the melon field at night.", "", "Which birds guard the melon field?" },
                                            { "The geese guard the melon field at night.", "", "What sat on the grey wall?" } };
        const auto rows = rankQuestions(KeyedToyModel(), kHaystack, needles, { SegmenterKind::Sentence, 64 });
        QCOMPARE(rows.size(), std::size_t(3));
        for (const char* search : { "content", "bm25" }) {
            const RankingRow row = rowOf(rows, search);
            QCOMPARE(row.questions, 3);
            QCOMPARE(row.first, 2); // the third asks for another segment
            QCOMPARE(row.amongTen, 3);
            QCOMPARE(row.medianRank, 1.0);
            QVERIFY(row.meanReciprocal < 1 && row.meanReciprocal > 2.0 / 3);
            QCOMPARE(row.ci95.low, wilson(2, 3).low);
        }
        QVERIFY(rowOf(rows, "floor").first >= 1);
    }

    void aTieIsNoFind()
    {
        const std::vector<Needle> needles { { "Two letters lay on the table.", "", "What lay on the table?" } };
        const auto rows = rankQuestions(KeyedToyModel(), kHaystack, needles, { SegmenterKind::Sentence, 64 });
        QCOMPARE(rowOf(rows, "content").first, 0); // the haystack has the same sentence
        QCOMPARE(rowOf(rows, "content").medianRank, 2.0);
    }

    void needsKeysAndQuestions()
    {
        const std::vector<Needle> needles { { "A fact.", "", "A question?" } };
        QVERIFY_EXCEPTION_THROWN(rankQuestions(ToyModelWithoutKeys(), kHaystack, needles, {}), Error);
        for (const char* question : { "", " ", "… ?!" })
            QVERIFY_EXCEPTION_THROWN(rankQuestions(KeyedToyModel(), kHaystack, { { "A fact.", "", question } }, {}), Error);
    }

    void oneNeedleForEachQuestion()
    {
        QTemporaryDir dir;
        const auto file = std::filesystem::path(dir.filePath("n.jsonl").toStdString());
        writeFileAtomically(file, "{\"needle\": \"A fact.\", \"prefix\": \"A\", \"questions\": [\"One?\", \"Two?\"]}\n{\"needle\": \"Another.\"}\n");
        const auto needles = loadNeedles(file);
        QCOMPARE(needles.size(), std::size_t(3));
        QCOMPARE(needles[1].question, std::string("Two?"));
        QCOMPARE(needles[1].prefix, std::string("A"));
        for (const char* bad : { "[]", "[1]", "\"One?\"", "{\"a\": \"One?\"}" }) {
            writeFileAtomically(file, std::string("{\"needle\": \"A fact.\", \"questions\": ") + bad + "}\n");
            try {
                loadNeedles(file);
                QFAIL(bad);
            } catch (const Error& error) {
                QVERIFY(std::string(error.what()).find("line 1") != std::string::npos);
            }
        }
    }

    void theParaphraseSetIsWhole()
    {
        const auto needles = loadNeedles(std::filesystem::path(HAYLOFT_SOURCE_DIR) / "resources/needles/paraphrases.jsonl");
        QCOMPARE(needles.size(), std::size_t(600));
        for (const Needle& needle : needles) {
            QVERIFY(needle.text.rfind(needle.prefix, 0) == 0 && !needle.prefix.empty());
            QVERIFY(needle.question.size() > 20 && needle.question.back() == '?');
        }
    }

private:
    class ToyModelWithoutKeys : public ToyModel {
    public:
        const ContentKeys* contentKeys() const override { return nullptr; }
    };
};

QTEST_APPLESS_MAIN(TestQuestionRanking)
#include "tst_questionranking.moc"
