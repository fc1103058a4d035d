// SPDX-License-Identifier: GPL-3.0-or-later
// RULER's string_match_all on cases counted by hand.
#include "core/recall/RulerScoring.h"

#include <QTest>

#include <vector>

using namespace hayloft;

class TestRulerScoring : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void answersAreCleanedAsInRuler_data();
    void answersAreCleanedAsInRuler();
    void scoresAgreeWithHandCounts_data();
    void scoresAgreeWithHandCounts();
    void meansAreRounded();
};

void TestRulerScoring::answersAreCleanedAsInRuler_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<QByteArray>("cleaned");
    QTest::newRow("nothing") << QByteArray("") << QByteArray("");
    QTest::newRow("white space only") << QByteArray(" \t\n \xC2\xA0\xE3\x80\x80 ") << QByteArray("");
    QTest::newRow("control characters only") << QByteArray("\x01\x02\x1F", 3) << QByteArray("");
    QTest::newRow("ends") << QByteArray("  a b \r\n") << QByteArray("a b");
    QTest::newRow("inside") << QByteArray("a\tb\x00"
                                          "c\x1F"
                                          "d", 7) << QByteArray("a\nb\nc\nd");
    QTest::newRow("a control character before white space") << QByteArray("\x01 a \x02") << QByteArray("a");
    QTest::newRow("other bytes") << QByteArray("\xC3\xA9\x7F\x80 ") << QByteArray("\xC3\xA9\x7F\x80");
}

void TestRulerScoring::answersAreCleanedAsInRuler()
{
    QFETCH(QByteArray, answer);
    QFETCH(QByteArray, cleaned);
    QCOMPARE(QByteArray::fromStdString(rulerPostprocessed(answer.toStdString())), cleaned);
}

void TestRulerScoring::scoresAgreeWithHandCounts_data()
{
    QTest::addColumn<QStringList>("expected");
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<double>("score");
    const QStringList four { "1111111", "2222222", "3333333", "4444444" };
    QTest::newRow("only one") << QStringList { "1234567" } << QByteArray(" 1234567.") << 1.0;
    QTest::newRow("part of a longer run") << QStringList { "1234567" } << QByteArray("91234567") << 1.0; // as RULER has it
    QTest::newRow("one digit wrong") << QStringList { "1234567" } << QByteArray("1234568") << 0.0;
    QTest::newRow("cut off") << QStringList { "1234567" } << QByteArray("123456") << 0.0;
    QTest::newRow("broken by a tab") << QStringList { "1234567" } << QByteArray("123\t4567") << 0.0;
    QTest::newRow("all four") << four << QByteArray("4444444, 3333333, 1111111 and 2222222") << 1.0;
    QTest::newRow("three of four") << four << QByteArray("1111111, 2222222, and 4444444.") << 0.75;
    QTest::newRow("one of four, twice") << four << QByteArray("3333333 3333333") << 0.25;
    QTest::newRow("case of the answer") << QStringList { "9d2f-aa" } << QByteArray("It is 9D2F-AA") << 1.0;
    QTest::newRow("case of the reference") << QStringList { "TV-Mast" } << QByteArray("tv-mast") << 1.0;
    QTest::newRow("empty answer") << QStringList { "1234567" } << QByteArray("") << 0.0;
    QTest::newRow("nothing expected") << QStringList {} << QByteArray("1234567") << 0.0;
}

void TestRulerScoring::scoresAgreeWithHandCounts()
{
    QFETCH(QStringList, expected);
    QFETCH(QByteArray, answer);
    QFETCH(double, score);
    std::vector<std::string> references;
    for (const QString& reference : expected)
        references.push_back(reference.toStdString());
    QCOMPARE(rulerScore(references, answer.toStdString()), score);
}

void TestRulerScoring::meansAreRounded()
{
    QCOMPARE(rulerMean({}), 0.0);
    QCOMPARE(rulerMean(std::vector<double> { 1, 1, 1 }), 100.0);
    QCOMPARE(rulerMean(std::vector<double> { 1, 0, 0 }), 33.33);
    QCOMPARE(rulerMean(std::vector<double> { 1, 1, 0 }), 66.67);
    QCOMPARE(rulerMean(std::vector<double> { 0.75, 1 }), 87.5);
    // Ties go by the number's true value, as in Python: 0.125 is exact and goes to the even digit.
    QCOMPARE(rulerMean(std::vector<double> { 0.00125, 0.00125 }), 0.12);
    std::vector<double> thousand(800, 0.0);
    thousand[3] = 1; // 0.125
    QCOMPARE(rulerMean(thousand), 0.12);
    thousand[4] = thousand[5] = 1; // 0.375
    QCOMPARE(rulerMean(thousand), 0.38);
}

QTEST_GUILESS_MAIN(TestRulerScoring)
#include "tst_rulerscoring.moc"
