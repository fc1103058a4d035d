// SPDX-License-Identifier: GPL-3.0-or-later
// What a question reads: lists cut apart, several rows, texts joined and merged.
#include "core/recall/QuestionSplitter.h"
#include "core/recall/ReadingRules.h"

#include <QTest>

using namespace hayloft;

class TestReadingRules : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void listsAreCutApart_data();
    void listsAreCutApart();
    void otherQuestionsStayWhole_data();
    void otherQuestionsStayWhole();
    void pluralsAskForSeveral();
    void rowsNearTheBestAreRead();
    void sentenceEndsAreSeen();
    void answersAreMergedInRowOrder();
};

void TestReadingRules::listsAreCutApart_data()
{
    QTest::addColumn<QString>("question");
    QTest::addColumn<QStringList>("questions");
    const auto row = [](const char* question, const QStringList& questions) { QTest::newRow(question) << QString(question) << questions; };
    row("What are all the special magic numbers for kind-tree, odd-lamp, red-sky, and old-inn mentioned in the provided text?",
        { "What are all the special magic numbers for kind-tree mentioned in the provided text?",
          "What are all the special magic numbers for odd-lamp mentioned in the provided text?",
          "What are all the special magic numbers for red-sky mentioned in the provided text?",
          "What are all the special magic numbers for old-inn mentioned in the provided text?" });
    row("What are all the special magic numbers for kind-tree, and old-inn mentioned in the provided text?",
        { "What are all the special magic numbers for kind-tree mentioned in the provided text?",
          "What are all the special magic numbers for old-inn mentioned in the provided text?" });
    row("What are the capitals of France, Spain, and Italy?",
        { "What are the capitals of France?", "What are the capitals of Spain?", "What are the capitals of Italy?" });
    row("What are the capitals of France, Spain and Italy?",
        { "What are the capitals of France?", "What are the capitals of Spain?", "What are the capitals of Italy?" });
    row("What did she pay for the red lamp, the blue chair, and the old clock in March?",
        { "What did she pay for the red lamp in March?", "What did she pay for the blue chair in March?",
          "What did she pay for the old clock in March?" });
    row("Which trains go to Paris, Rome, or New York?",
        { "Which trains go to Paris?", "Which trains go to Rome?", "Which trains go to New York?" });
    row("List the birthdays of Anna, Ben, and Clara.",
        { "List the birthdays of Anna.", "List the birthdays of Ben.", "List the birthdays of Clara." });
    row("Who wrote about 1,000 ships, 2,500 sailors, and one storm?",
        { "Who wrote about 1,000 ships?", "Who wrote about 2,500 sailors?", "Who wrote about one storm?" });
}

void TestReadingRules::listsAreCutApart()
{
    QFETCH(QString, question);
    QFETCH(QStringList, questions);
    QStringList found;
    for (const auto& one : QuestionSplitter().split(question.toStdString()))
        found << QString::fromStdString(one);
    QCOMPARE(found, questions);
}

void TestReadingRules::otherQuestionsStayWhole_data()
{
    QTest::addColumn<QString>("question");
    for (const char* question :
         { "", ",", "What is the pass key? The pass key is", "What is the best thing to do in San Francisco?",
           "What did the harbour master say about the clock, and why?", "When the tide gauge stopped, who wrote to the ministry?",
           "Of all the ships, which was lost, and when?", "In 1893, and again in 1895, what happened?",
           "Who was in the house when the lamp, which was old, fell?", "What did he do in the morning, and what did he do at night?",
           "What was said about the weather, and by whom?", "What colour is the door of the house, and the roof?",
           "What do salt and pepper cost in Porto?", "After dinner, lunch, and tea, what did she do?",
           "He wrote to the ministry, the priest, and the clockmaker.", "What about the 1,000 ships?",
           "What did Ines, who was cold, say of the sea, and of the wind?", "Why, and for how long, did the clock stop?" })
        QTest::newRow(question) << QString(question);
}

void TestReadingRules::otherQuestionsStayWhole()
{
    QFETCH(QString, question);
    const auto found = QuestionSplitter().split(question.toStdString());
    QCOMPARE(found.size(), std::size_t(1));
    QCOMPARE(QString::fromStdString(found.front()), question);
}

void TestReadingRules::pluralsAskForSeveral()
{
    for (const char* question : { "What are all the special magic numbers for a-b mentioned in the provided text?",
                                  "What are the keeper's names?", "Which ships were lost?", "Who were the three witnesses?",
                                  "List the lamps.", "Tell me all the dates" })
        QVERIFY2(asksForSeveral(question), question);
    for (const char* question : { "What is the special magic number for a-b mentioned in the provided text?", "", "?",
                                  "What is the pass key? The pass key is", "Which ship was lost?", "Who wrote the letter?",
                                  "How tall was the tower?", "Is the hall cold?" })
        QVERIFY2(!asksForSeveral(question), question);
    const ReadingRules off, on {true, {0.9, 5}, 3};
    QCOMPARE(off.mostRows("What are all the dates?"), 1);
    QCOMPARE(off.mostFollowed(), 1);
    QCOMPARE(on.mostRows("What are all the dates?"), 5);
    QCOMPARE(on.mostRows("What is the date?"), 1);
    QCOMPARE(splitQuestion(off, "What of x, y, and z?", true).size(), std::size_t(1));
    QCOMPARE(splitQuestion(on, "What of x, y, and z?", true).size(), std::size_t(3));
    QCOMPARE(splitQuestion(on, "What of x, y, and z?", false).size(), std::size_t(1));
}

void TestReadingRules::rowsNearTheBestAreRead()
{
    const auto distanceOf = [](double score) { return static_cast<float>(std::sqrt(2 - 2 * score)); };
    const std::vector<Neighbour> nearest { { 7, distanceOf(0.8) }, { 2, distanceOf(0.73) }, { 9, distanceOf(0.71) }, { 4, distanceOf(0.3) } };
    const auto rows = [&](double share, int most) {
        std::vector<Index> found;
        for (const auto& row : chooseRows(nearest, share, most))
            found.push_back(row.row);
        return found;
    };
    QCOMPARE(rows(0.9, 8), (std::vector<Index> { 7, 2 }));
    QCOMPARE(rows(0.85, 8), (std::vector<Index> { 7, 2, 9 }));
    QCOMPARE(rows(0.85, 2), (std::vector<Index> { 7, 2 }));
    QCOMPARE(rows(0.85, 1), (std::vector<Index> { 7 }));
    QCOMPARE(rows(0, 8).size(), std::size_t(4));
    // Nothing in common with the question: a share of nothing says nothing.
    QCOMPARE(chooseRows({ { 1, 1.5f }, { 2, 1.5f } }, 0.5, 8).size(), std::size_t(1));
}

void TestReadingRules::sentenceEndsAreSeen()
{
    for (const char* text : { "", " ", "One.", "One! ", "\"Who?\"", "(He left.)", "\xE7\xB5\x82\xE3\x80\x82", "so it went\xE2\x80\xA6", "\xC2\xABNo!\xC2\xBB" })
        QVERIFY2(endsSentence(text), text);
    for (const char* text : { "One", "One of the special magic uuids for 1-2 is:", "and,", "\"who\"", "3.1", "\xE2\x80\x94" })
        QVERIFY2(!endsSentence(text), text);
    QCOMPARE(joinedAnswer("One is:", "2.", false), std::string("One is: 2."));
    QCOMPARE(joinedAnswer("4b14-", "6236.", true), std::string("4b14-6236."));
    QCOMPARE(joinedAnswer("", "2.", false), std::string("2."));
}

void TestReadingRules::answersAreMergedInRowOrder()
{
    QCOMPARE(mergedAnswers({ { 9, "c" }, { 2, "a" }, { 5, "" }, { 7, "a" }, { 4, "b" } }), std::string("a\nb\nc"));
    QCOMPARE(mergedAnswers({ { 3, "" } }), std::string());
    QCOMPARE(mergedAnswers({}), std::string());
}

QTEST_GUILESS_MAIN(TestReadingRules)
#include "tst_readingrules.moc"
