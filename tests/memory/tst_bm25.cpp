// SPDX-License-Identifier: GPL-3.0-or-later
// BM25 against the formula worked out by hand.
#include "core/memory/Bm25.h"

#include <QTest>
#include <cmath>

using namespace hayloft;

class TestBm25 : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void scoresAreTheFormula()
    {
        // Lengths 3, 6, 3: mean 4. "key" is in two segments, twice in the second.
        const Bm25 search({ "the pass key", "key key opens no other door", "a quiet harbour" });
        const auto scores = search.scores("Which KEY?");
        const double rarity = std::log(1 + (3 - 2 + 0.5) / (2 + 0.5));
        const auto expected = [&](double count, double length) { return rarity * count * 2.2 / (count + 1.2 * (0.25 + 0.75 * length)); };
        QVERIFY(std::abs(scores[0] - expected(1, 3.0 / 4)) < 1e-6);
        QVERIFY(std::abs(scores[1] - expected(2, 6.0 / 4)) < 1e-6);
        QCOMPARE(scores[2], 0.0f);
    }

    void aWordCountsOnceInTheQuestion()
    {
        const Bm25 search({ "pass key", "door" });
        QCOMPARE(search.scores("key key keys"), search.scores("key"));
    }

    void nothingToFind()
    {
        QVERIFY(Bm25({}).scores("key").empty());
        QCOMPARE(Bm25({ "", "…" }).scores("key"), std::vector<float>(2, 0.0f));
        QCOMPARE(Bm25({ "a key" }).scores(""), std::vector<float>(1, 0.0f));
    }
};

QTEST_APPLESS_MAIN(TestBm25)
#include "tst_bm25.moc"
