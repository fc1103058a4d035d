// SPDX-License-Identifier: GPL-3.0-or-later
// RULER's texts to the letter, and the word lists that its keys are made of.
#include "core/base/Error.h"
#include "core/base/Paths.h"
#include "core/recall/RulerItems.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <fstream>
#include <set>

using namespace hayloft;

class TestRulerText : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void kindsHaveTheirNames();
    void wordListsAreLongAndClean();
    void badWordListsAreRefused_data();
    void badWordListsAreRefused();
    void singularTexts();
    void pluralTexts();
};

void TestRulerText::kindsHaveTheirNames()
{
    for (const RulerItem item : { RulerItem::Numbers, RulerItem::Words, RulerItem::Uuids })
        QVERIFY(rulerItemFromName(nameOf(item)) == item);
    QVERIFY_EXCEPTION_THROWN(rulerItemFromName("number"), Error);
}

void TestRulerText::wordListsAreLongAndClean()
{
    const RulerWords words = loadRulerWords(wordsDirectory());
    QVERIFY(words.adjectives.size() >= 1000);
    QVERIFY(words.nouns.size() >= 1500);
    for (const auto* list : { &words.adjectives, &words.nouns }) {
        QVERIFY(std::is_sorted(list->begin(), list->end()));
        std::set<std::string> folded; // scores take no notice of case
        for (std::string word : *list) {
            std::transform(word.begin(), word.end(), word.begin(), [](unsigned char c) { return std::tolower(c); });
            QVERIFY2(folded.insert(word).second, word.c_str());
        }
    }
}

void TestRulerText::badWordListsAreRefused_data()
{
    QTest::addColumn<QByteArray>("adjectives");
    QTest::addColumn<QByteArray>("nouns");
    QTest::addColumn<QByteArray>("message");
    QTest::newRow("empty") << QByteArray("\n\n") << QByteArray("cat\n") << QByteArray("empty");
    QTest::newRow("hyphen") << QByteArray("red\nteeny-tiny\n") << QByteArray("cat\n") << QByteArray("adjectives.txt, line 2");
    QTest::newRow("not ASCII") << QByteArray("red\n") << QByteArray("cat\njalape\xC3\xB1o\n") << QByteArray("nouns.txt, line 2");
    QTest::newRow("twice") << QByteArray("red\n") << QByteArray("cat\ndog\ncat\n") << QByteArray("\"cat\" comes twice");
}

void TestRulerText::badWordListsAreRefused()
{
    QFETCH(QByteArray, adjectives);
    QFETCH(QByteArray, nouns);
    QFETCH(QByteArray, message);
    const QTemporaryDir folder;
    const std::filesystem::path path = folder.path().toStdString();
    QVERIFY_EXCEPTION_THROWN(loadRulerWords(path), Error);
    std::ofstream(path / "adjectives.txt") << adjectives.constData();
    std::ofstream(path / "nouns.txt") << nouns.constData();
    try {
        loadRulerWords(path);
        QFAIL("the lists were taken");
    } catch (const Error& error) {
        QVERIFY2(QByteArray(error.what()).contains(message), error.what());
    }
}

void TestRulerText::singularTexts()
{
    const std::vector<std::string> query { "old-car" };
    const RulerWording number { RulerItem::Numbers, true };
    QCOMPARE(rulerNeedle(RulerItem::Numbers, "old-car", "1234567"),
             std::string("One of the special magic numbers for old-car is: 1234567."));
    QCOMPARE(rulerNeedleStem(RulerItem::Numbers, "old-car"), std::string("One of the special magic numbers for old-car is:"));
    QCOMPARE(rulerOpening(number),
             std::string("A special magic number is hidden within the following text. Make sure to memorize it. I will quiz "
                         "you about the number afterwards."));
    QCOMPARE(rulerQuestion(number, query),
             std::string("What is the special magic number for old-car mentioned in the provided text?"));
    QCOMPARE(rulerAnswerPrefix(number, query),
             std::string(" The special magic number for old-car mentioned in the provided text is"));
    const RulerWording uuid { RulerItem::Uuids, true };
    QCOMPARE(rulerOpening(uuid),
             std::string("A special magic uuid is hidden within the following text. Make sure to memorize it. I will quiz "
                         "you about the uuid afterwards."));
    QCOMPARE(rulerQuestion({ RulerItem::Words, true }, query),
             std::string("What is the special magic word for old-car mentioned in the provided text?"));
    QVERIFY_EXCEPTION_THROWN(rulerQuestion(uuid, {}), Error);
}

void TestRulerText::pluralTexts()
{
    const RulerWording numbers { RulerItem::Numbers, false };
    const std::vector<std::string> one { "a-b" }, two { "a-b", "c-d" }, four { "a-b", "c-d", "e-f", "g-h" };
    QCOMPARE(rulerOpening(numbers),
             std::string("Some special magic numbers are hidden within the following text. Make sure to memorize it. I will "
                         "quiz you about the numbers afterwards."));
    QCOMPARE(rulerQuestion(numbers, one),
             std::string("What are all the special magic numbers for a-b mentioned in the provided text?"));
    QCOMPARE(rulerQuestion(numbers, two),
             std::string("What are all the special magic numbers for a-b, and c-d mentioned in the provided text?"));
    QCOMPARE(rulerQuestion(numbers, four),
             std::string("What are all the special magic numbers for a-b, c-d, e-f, and g-h mentioned in the provided text?"));
    QCOMPARE(rulerAnswerPrefix(numbers, four),
             std::string(" The special magic numbers for a-b, c-d, e-f, and g-h mentioned in the provided text are"));
}

QTEST_GUILESS_MAIN(TestRulerText)
#include "tst_rulertext.moc"
