// SPDX-License-Identifier: GPL-3.0-or-later
// What a question asks about, apart from how it asks.
#include "core/text/QuestionWords.h"

#include <QTest>

using namespace hayloft;

class TestQuestionWords : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void tellingWords_data()
    {
        QTest::addColumn<QString>("question");
        QTest::addColumn<QString>("telling");
        QTest::newRow("asks") << "What is the colour of the harbour gate?" << "colour harbour gate";
        QTest::newRow("points at the document") << "What is the pass key mentioned in the provided text?" << "pass key";
        QTest::newRow("first") << "According to this document, who kept bees?" << "kept bees";
        QTest::newRow("in the middle") << "Which ships in the above passage sank twice?" << "ships sank twice";
        QTest::newRow("the document says") << "What does the text say about bees?" << "about bees";
        QTest::newRow("a document that is asked for") << "Who burned the document on Friday?" << "burned document on friday";
        QTest::newRow("mentioned elsewhere") << "Who was mentioned by the judge?" << "mentioned by judge";
        QTest::newRow("cut short") << "Who sang in the" << "sang";
        QTest::newRow("nothing tells") << "What is it?" << "";
        QTest::newRow("empty") << "" << "";
        QTest::newRow("another language") << "Wo liegt der rote Schlüssel?" << "wo liegt der rote Schlüssel";
    }
    void tellingWords()
    {
        QFETCH(QString, question);
        QFETCH(QString, telling);
        const WordCutter cutter;
        const std::string text = question.toStdString();
        std::vector<std::string> found, expected;
        for (const Word& word : QuestionWords(cutter).telling(cutter.cut(text)))
            found.push_back(word.stem);
        for (const Word& word : cutter.cut(telling.toStdString()))
            expected.push_back(word.stem);
        QCOMPARE(found, expected);
    }
};

QTEST_GUILESS_MAIN(TestQuestionWords)
#include "tst_questionwords.moc"
