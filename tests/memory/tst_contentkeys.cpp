// SPDX-License-Identifier: GPL-3.0-or-later
// Content keys against what they promise: order, length, rarity, meaning.
#include "core/base/Error.h"
#include "core/base/Random.h"
#include "core/memory/ContentKeys.h"

#include <QTest>
#include <cmath>

using namespace hayloft;

namespace {

/// Every word unknown, so that all weigh the same.
ContentKeyTable plainTable()
{
    ContentKeyTable table;
    table.meaningShare = 0;
    return table;
}

/// "cellar" and "basement" mean the same, "piano" something else; "the" is common.
ContentKeyTable meaningTable()
{
    ContentKeyTable table;
    std::vector<std::tuple<std::uint64_t, float, int>> rows;
    for (const auto& [stem, rarity, row] : std::vector<std::tuple<std::string, float, int>> { { "cellar", 0.8f, 0 }, { "basement", 0.8f, 1 }, { "piano", 0.8f, 2 }, { "the", 0.01f, -1 } })
        rows.emplace_back(wordHash(stem), rarity, row);
    std::sort(rows.begin(), rows.end());
    for (const auto& [hash, rarity, row] : rows) {
        table.words.push_back(hash);
        table.rarity.push_back(rarity);
        table.meaningRow.push_back(row);
    }
    table.meanings = Matrix::Zero(3, 4);
    table.meanings << 1, 0, 0, 0, 0.9f, 0.4f, 0, 0, 0, 0, 1, 0;
    table.readWeight = table.writeWeight = { 1, 1, 1 };
    return table;
}

float score(const ContentKeys& keys, const std::string& question, const std::string& segment)
{
    return keys.encode({ question }, KeySide::Read).row(0).dot(keys.encode({ segment }, KeySide::Write).row(0));
}

std::string filler(int words, std::uint64_t seed)
{
    Random random(seed);
    std::string text;
    for (int i = 0; i < words; ++i)
        text += "w" + std::to_string(random.below(1000000)) + "x ";
    return text;
}

} // namespace

class TestContentKeys : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void keysHaveLengthOne()
    {
        const ContentKeys keys(meaningTable(), 768);
        for (const auto side : { KeySide::Write, KeySide::Read }) {
            const Matrix made = keys.encode({ "The piano stands in the cellar.", "x", "", "…", filler(200, 1) }, side);
            QCOMPARE(made.cols(), Index(768));
            for (Index i = 0; i < made.rows(); ++i)
                QVERIFY2(std::abs(made.row(i).norm() - 1) < 1e-5f, qPrintable(QString::number(made.row(i).norm())));
        }
    }

    void questionFindsItsSegmentAmongThousands()
    {
        const ContentKeys keys(plainTable(), 768);
        std::vector<std::string> segments;
        for (std::uint64_t i = 0; i < 3000; ++i)
            segments.push_back(filler(20, i + 10));
        segments[1234] = "In Tallinn the caretaker Oskar hides his spare key inside a hollow dictionary beside the stove.";
        const Matrix written = keys.encode(segments, KeySide::Write);
        Index best = -1;
        (written * keys.encode({ "Where does Oskar the caretaker hide a spare key?" }, KeySide::Read).row(0).transpose()).maxCoeff(&best);
        QCOMPARE(best, Index(1234));
    }

    void orderHardlyMatters()
    {
        const ContentKeys keys(plainTable(), 768);
        const std::string segment = "red lantern quarry gate warns villagers";
        const float straight = score(keys, "lantern quarry villagers", segment);
        const float turned = score(keys, "villagers quarry lantern", segment);
        QVERIFY(turned > 0.8f * straight);
        QVERIFY(straight > turned); // but neighbours that stay neighbours count
        QVERIFY(score(keys, "piano violin cello", segment) < 0.3f * turned);
    }

    void aShortSegmentIsNoBetterThanALongOne()
    {
        const ContentKeys keys(plainTable(), 768);
        // The question shares one word with the short segment, three with the long one.
        QVERIFY(score(keys, "pass key number", "Pass!") < score(keys, "pass key number", "The pass key and its number are " + filler(4, 3)));
    }

    void rareWordsCountMore()
    {
        const ContentKeys keys(meaningTable(), 768);
        QVERIFY(score(keys, "the piano", "piano") > 2 * score(keys, "the piano", "the"));
    }

    void meaningReachesOtherWords()
    {
        const ContentKeys keys(meaningTable(), 768);
        const float same = score(keys, "cellar", "basement"), other = score(keys, "cellar", "piano");
        QVERIFY(same > 0.3f);
        QVERIFY(std::abs(other) < 0.1f);
        auto untrained = meaningTable();
        untrained.meaningShare = 0;
        QVERIFY(std::abs(score(ContentKeys(untrained, 768), "cellar", "basement")) < 0.15f);
    }

    /// "magic" in "the magic of magical things" is one word, not two reasons.
    void aWordThatComesTwiceCountsLessThanTwice()
    {
        const ContentKeys keys(meaningTable(), 768);
        // Meanings alone: cellar twice and piano once, against the weights 1 + ln 2 and 1.
        const Matrix key = keys.encode({ "cellar cellar piano" }, KeySide::Write);
        QVERIFY(std::abs(key(0, 0) / key(0, 2) - (1 + std::log(2.0f))) < 1e-4f);
    }

    void whatOnlyAsksIsNotPartOfTheKey()
    {
        const ContentKeys keys(meaningTable(), 768);
        const Matrix plain = keys.encode({ "piano cellar" }, KeySide::Read);
        QCOMPARE(keys.encode({ "What is the piano of the cellar mentioned in the provided text?" }, KeySide::Read), plain);
        QVERIFY(keys.encode({ "What is the piano of the cellar?" }, KeySide::Write) != keys.encode({ "piano cellar" }, KeySide::Write));
        QVERIFY(keys.encode({ "What is it?" }, KeySide::Read)(0, 767) == 0); // still words: better than none
    }

    /// A name cannot be put in other words: where one is asked for, the row that has it wins over the row that means the rest.
    void wordingLeadsWhereMeaningKnowsLittle()
    {
        ContentKeyTable table = meaningTable();
        table.meaningShare = 6;
        const ContentKeys keys(table, 768);
        QVERIFY(score(keys, "cellar piano", "basement piano") > score(keys, "cellar piano", "cellar"));
        const char* const asked = "cellar of 3f2a1b4c-77aa-4e01-9d2f-0a1b2c3d4e5f";
        QVERIFY(score(keys, asked, "the piano 3f2a1b4c-77aa-4e01-9d2f-0a1b2c3d4e5f") > score(keys, asked, "a basement cellar"));
        const Matrix key = keys.encode({ "cellar", asked }, KeySide::Read);
        const auto wording = [&key](Index row) { return key.row(row).segment(4, 763).squaredNorm(); };
        QVERIFY(std::abs(wording(0) - 1.0f / 7) < 1e-4f); // known in full: the table's own share
        // .8^.75 of .8^.75 + 5 * .5: the lead is the inverse of that, cubed.
        const float known = std::pow(0.8f, 0.75f) / (std::pow(0.8f, 0.75f) + 2.5f), lead = std::pow(known, -3.0f);
        QVERIFY(std::abs(wording(1) - lead * lead / (lead * lead + 6)) < 1e-3f);
    }

    /// What all prose has in common does not make the most ordinary segment the nearest of all questions.
    void theCommonMeaningIsTakenFromQuestions()
    {
        ContentKeyTable table = meaningTable();
        const ContentKeys before(table, 768);
        table.meaningShift = { 0, 0, 0.5f, 0 }; // pianos are everywhere
        const ContentKeys after(table, 768);
        const char* question = "basement piano";
        QVERIFY(score(after, question, "cellar") > score(before, question, "cellar"));
        QVERIFY(score(after, question, "a piano") < score(before, question, "a piano"));
        QCOMPARE(after.encode({ question }, KeySide::Write), before.encode({ question }, KeySide::Write));
        QVERIFY(std::abs(after.encode({ question }, KeySide::Read).row(0).norm() - 1) < 1e-5f);
        const char* unknown = "zebra";
        QCOMPARE(after.encode({ unknown }, KeySide::Read), before.encode({ unknown }, KeySide::Read));
        table.meaningShift.pop_back();
        QVERIFY_EXCEPTION_THROWN(ContentKeys(table, 768), Error);
    }

    void matchesSumUpToTheScore()
    {
        const ContentKeys keys(meaningTable(), 768);
        const std::string question = "piano cellar", segment = "basement piano";
        const auto matches = keys.matches(question, segment);
        QCOMPARE(matches.size(), std::size_t(2));
        QCOMPARE(matches[0].question, std::string("piano"));
        QCOMPARE(matches[0].segment, std::string("piano"));
        QCOMPARE(matches[1].question, std::string("cellar"));
        QCOMPARE(matches[1].segment, std::string("basement"));
        // Random vectors are only nearly at right angles: a tenth is their noise and the pairs of neighbours.
        QVERIFY(std::abs(matches[0].score + matches[1].score - score(keys, question, segment)) < 0.1f);
    }

    void supportIsWhatAnAnswerHolds()
    {
        ContentKeyTable table = meaningTable();
        table.absence = { -0.5f, 1, 0 };
        const ContentKeys keys(table, 768);
        // Rarities: "cellar" .8, "kept" 1 (unknown); "is" and "the" only ask.
        const auto support = keys.support("Is the cellar kept?", "The cellar is dry.");
        QVERIFY(std::abs(support.asked - 1.8f) < 1e-5f);
        QVERIFY(std::abs(support.coverage - 0.8f / 1.8f) < 1e-5f);
        QVERIFY(keys.isAbsent("Is the cellar kept?", "The cellar is dry."));
        QVERIFY(!keys.isAbsent("Is the cellar kept?", "It is kept dry."));
        QVERIFY(!keys.isAbsent("What is the cellar mentioned in the provided text?", "A dry cellar"));
        QVERIFY(!ContentKeys(meaningTable(), 768).isAbsent("Is the cellar kept?", "…")); // not calibrated: everything counts
        QCOMPARE(keys.support("…", "The cellar is dry.").coverage, 0.0f);
        // A short question must be covered better than a long one.
        table.absence = { -0.4f, 1, -0.5f };
        const ContentKeys strict(table, 768);
        QVERIFY(strict.isAbsent("Cellar kept?", "It is kept dry.")); // 1 / 1.8 - .4 - .5 / 2.1
        QVERIFY(!strict.isAbsent("Cellar kept, damp, cold, wet, high, small, old?", "It is kept damp, cold and wet.")); // 4 / 7.8 - .4 - .5 / 8.1
    }

    void anAnswerHoldsTheNameThatIsAskedFor()
    {
        ContentKeyTable table = meaningTable();
        table.absence = { -0.3f, 1, 0 };
        const ContentKeys keys(table, 768);
        const char* const question = "What number does amber-lantern keep?";
        QVERIFY(keys.support(question, "The number of amber-lantern is 7.").named);
        QVERIFY(!keys.isAbsent(question, "Amber Lantern, they keep number 7."));
        // All but half of a name is held.
        QVERIFY(!keys.support(question, "The number that amber-kettle does keep is 7.").named);
        QVERIFY(keys.isAbsent(question, "The number that amber-kettle does keep is 7."));
        QVERIFY(!keys.support(question, "The number it does keep is hidden.").named); // speaks of no name at all
        QVERIFY(!keys.support("What was kept in 1912?", "In 1913 a ledger was kept.").named);
        // One of several names answers in part.
        QVERIFY(!keys.isAbsent("What number do amber-lantern and dull-anchor keep?", "The number that amber-lantern keeps is 7."));
        QVERIFY(keys.support("What number is kept?", "None.").named);
    }

    void wordlessTextIsFarFromEverything()
    {
        const ContentKeys keys(plainTable(), 768);
        QVERIFY(score(keys, "…", "The pass key is 4471.") < -0.3f);
        QVERIFY(score(keys, "pass key", "— * —") < 0.01f);
    }

    void theSameEverywhere()
    {
        // Fixed vectors are part of the file format: a change here breaks every written memory and trained table.
        const ContentKeys keys(plainTable(), 768);
        const Matrix key = keys.encode({ "The pass key is 4471." }, KeySide::Write);
        double sum = 0;
        for (Index i = 0; i < key.cols(); ++i)
            sum += double(key(0, i)) * double(i % 7);
        QCOMPARE(wordHash("key"), std::uint64_t(11217438380790745453ull));
        QVERIFY2(std::abs(sum - (-4.456629)) < 1e-4, qPrintable(QString::number(sum, 'f', 6)));
    }

    void floorIsABagOfTokens()
    {
        auto table = plainTable();
        table.tokenRarity = { 1, 1, 1, 0, 1 };
        const ContentKeys keys(table, 768);
        const Matrix made = keys.floor({ { 0, 1, 2 }, { 2, 1, 0 }, { 0, 1, 2, 3, 3 }, { 4 }, {} });
        QCOMPARE((made.row(0) - made.row(1)).norm() < 1e-6f, true);
        QCOMPARE((made.row(0) - made.row(2)).norm() < 1e-6f, true); // token 3 is in every segment
        QVERIFY(std::abs(made.row(0).dot(made.row(3))) < 0.15f);
        QCOMPARE(made.row(4).norm(), 0.0f);
    }

    void damagedTablesAreRefused()
    {
        auto table = meaningTable();
        table.meaningRow[0] = 7;
        QVERIFY_EXCEPTION_THROWN(ContentKeys(table, 768), Error);
        table = meaningTable();
        table.readWeight.pop_back();
        QVERIFY_EXCEPTION_THROWN(ContentKeys(table, 768), Error);
        QVERIFY_EXCEPTION_THROWN(ContentKeys(meaningTable(), 5), Error);
    }

    void encodingCanBeCancelled()
    {
        const ContentKeys keys(plainTable(), 64);
        std::stop_source stop;
        stop.request_stop();
        QVERIFY_EXCEPTION_THROWN(keys.encode({ "a" }, KeySide::Read, Task { stop.get_token(), {} }), Cancelled);
    }
};

QTEST_APPLESS_MAIN(TestContentKeys)
#include "tst_contentkeys.moc"
