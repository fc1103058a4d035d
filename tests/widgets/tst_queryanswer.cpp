// SPDX-License-Identifier: GPL-3.0-or-later
// The query panel as a user reads it: answers, their evidence, and where they lead.
#include "tests/widgets/QueryPanelFixture.h"
#include "widgets/query/AnswerText.h"

#include <QApplication>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTableWidget>
#include <QTest>

#include <cmath>

using namespace hayloft;
using namespace hayloft::test;

namespace {

QPalette paletteOf(const QColor& base, const QColor& text)
{
    QPalette palette;
    palette.setColor(QPalette::Base, base);
    palette.setColor(QPalette::Text, text);
    return palette;
}

double luminance(const QColor& colour)
{
    const auto linear = [](double c) { return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4); };
    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF());
}

double contrast(const QColor& a, const QColor& b)
{
    const double la = luminance(a), lb = luminance(b);
    return (std::max(la, lb) + 0.05) / (std::min(la, lb) + 0.05);
}

} // namespace

class TestQueryAnswer : public QueryPanelFixture {
    Q_OBJECT

private Q_SLOTS:
    void init() { showPanel(); }

    void whyThisRowIsTold()
    {
        AnswerView answer = someAnswer();
        m_panel->setAnswer(answer);
        QVERIFY(!control<QLabel>("Why this row")->isVisible());
        answer.answers[0].matches = { { "Key", "key", 0.31f }, { "secret", "pass", 0.104f } };
        m_panel->setAnswer(answer);
        QVERIFY(control<QLabel>("Why this row")->isVisible());
        QCOMPARE(label("Why this row"), QStringLiteral("Why this row: key (%1) · secret → pass (%2)").arg(QLocale().toString(0.31, 'f', 2), QLocale().toString(0.1, 'f', 2)));
    }

    void severalAnswersAreAClickAway()
    {
        const AnswerView answer = twoAnswers();
        m_panel->setAnswer(someAnswer());
        auto* list = control<QTableWidget>("Answers");
        QVERIFY(!list->isVisible());
        m_panel->setAnswer(answer);
        QVERIFY(list->isVisible());
        QCOMPARE(label("Verdict"), QStringLiteral("2 answers"));
        QCOMPARE(list->rowCount(), 2);
        QCOMPARE(list->item(0, 0)->text(), QStringLiteral("The pass key is 4471"));
        QCOMPARE(list->item(1, 0)->text(), QStringLiteral("Another key is 88"));
        QCOMPARE(list->item(1, 1)->text(), QStringLiteral("88, 89"));
        QCOMPARE(list->item(1, 2)->text(), QLocale().toString(0.82, 'f', 2)); // 1 - 0.6^2 / 2
        QCOMPARE(list->item(1, 3)->text(), QStringLiteral("%1 %").arg(QLocale().toString(1.5, 'f', 1)));
        QVERIFY(list->item(1, 0)->toolTip().contains("and the other key?"));
        QSignalSpy chosen(m_panel.get(), &QueryPanel::segmentChosen);
        QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, list->visualItemRect(list->item(1, 0)).center());
        QCOMPARE(chosen.count(), 1);
        QCOMPARE(chosen.takeFirst()[0].toLongLong(), 90);
        // The evidence below is that of the answer that was chosen.
        QVERIFY(label("Row read").contains("row:88"));
        QVERIFY(label("Row read").contains("row:89"));
        QTest::keyClick(list, Qt::Key_Up);
        QCOMPARE(chosen.count(), 0);
        QVERIFY(label("Row read").contains("row:5204"));
        QTest::keyClick(list, Qt::Key_Return);
        QCOMPARE(chosen.count(), 1);
        QCOMPARE(chosen[0][0].toLongLong(), 812);
    }

    void scoresTellTheMargin()
    {
        m_panel->setAnswer(twoAnswers());
        auto* nearest = control<QTableWidget>("Nearest rows");
        QVERIFY(!nearest->isColumnHidden(3));
        QCOMPARE(nearest->item(0, 3)->text(), QLocale().toString(0.875, 'f', 2));
        QVERIFY(nearest->item(0, 1)->font().bold() && nearest->item(1, 1)->font().bold() && !nearest->item(2, 1)->font().bold());
        // 1 - 0.6^2 / 2 of the last row read, 1 - 1.2^2 / 2 of the first one that wasn't
        QVERIFY2(label("Row read").contains(QStringLiteral("Margin to the next row: %1.").arg(QLocale().toString(0.54, 'f', 2))),
                 qPrintable(label("Row read")));
        m_panel->setAnswer(someAnswer()); // prefix keys have no scores
        QVERIFY(nearest->isColumnHidden(3));
        QVERIFY(!label("Row read").contains("Margin"));
    }

    void nothingFoundLooksLikeAnAnswer()
    {
        AnswerView answer = someAnswer();
        m_panel->setAnswer(answer);
        QVERIFY(!control<QLabel>("Nothing found")->isVisible());
        answer.absent = answer.answers[0].absent = true;
        answer.verdict = Verdict::None;
        m_panel->setAnswer(answer);
        QCOMPARE(label("Verdict"), QStringLiteral("Not in this document"));
        QVERIFY(control<QLabel>("Nothing found")->isVisible());
        // What lay nearest is still there to look at.
        QCOMPARE(m_panel->findChild<AnswerText*>()->toPlainText(), QStringLiteral("The pass key is 4471"));
        QVERIFY(label("Row read").contains("row:5204"));
        answer.verdict = Verdict::Wrong; // a needle is planted, and it was asked for
        m_panel->setAnswer(answer);
        QCOMPARE(label("Verdict"), QStringLiteral("Not in this document"));
        QCOMPARE(label("Expected answer"), QStringLiteral("Expected: 4471"));
    }

    void answerIsShownWithItsEvidence()
    {
        QVERIFY(control<QLabel>("Message")->isVisible());
        m_panel->setAnswer(someAnswer());
        QVERIFY(!control<QLabel>("Message")->isVisible());
        QCOMPARE(control<AnswerText>("Answer")->toPlainText(), QStringLiteral("The pass key is 4471"));
        QCOMPARE(label("Verdict"), QStringLiteral("Right"));
        QVERIFY(!control<QLabel>("Expected answer")->isVisible());
        QVERIFY(label("Row read").contains("0.250"));
        QVERIFY(label("Row read").contains("shared by 2 segments"));
        QVERIFY(label("Row read").contains("row:6100"));
        QCOMPARE(label("Time taken"), QStringLiteral("12 ms"));
        QVERIFY(!label("Key").contains("shorter"));
        m_panel->setMessage("not written yet");
        QVERIFY(control<QLabel>("Message")->isVisible());
        QCOMPARE(label("Message"), QStringLiteral("not written yet"));
    }

    void wrongSaysWhatWasExpected()
    {
        AnswerView answer = someAnswer();
        answer.verdict = Verdict::Wrong;
        answer.keyShorterThanP = true;
        m_panel->setAnswer(answer);
        QCOMPARE(label("Verdict"), QStringLiteral("Wrong"));
        QVERIFY(control<QLabel>("Expected answer")->isVisible());
        QVERIFY(label("Expected answer").contains("4471"));
        QVERIFY(label("Key").contains("shorter than P"));
        answer.verdict = Verdict::None;
        m_panel->setAnswer(answer);
        QVERIFY(label("Verdict") != QStringLiteral("Wrong"));
        QVERIFY(!control<QLabel>("Expected answer")->isVisible());
    }

    void linksChooseRowSegmentAndTie()
    {
        m_panel->setAnswer(someAnswer());
        QSignalSpy rows(m_panel.get(), &QueryPanel::rowChosen), segments(m_panel.get(), &QueryPanel::segmentChosen);
        auto* reading = control<QLabel>("Row read");
        reading->setFocus(Qt::TabFocusReason);
        QTest::keyClick(reading, Qt::Key_Tab);
        QTest::keyClick(reading, Qt::Key_Return);
        QCOMPARE(rows.count(), 1);
        QCOMPARE(rows[0][0].toLongLong(), 5204);
        QTest::keyClick(reading, Qt::Key_Tab);
        QTest::keyClick(reading, Qt::Key_Return);
        QCOMPARE(segments.count(), 1);
        QCOMPARE(segments[0][0].toLongLong(), 812);
        QTest::keyClick(reading, Qt::Key_Tab);
        QTest::keyClick(reading, Qt::Key_Return);
        QCOMPARE(rows.last()[0].toLongLong(), 6100);
    }

    void nearestRowsChooseByMouseAndKeys()
    {
        m_panel->setAnswer(someAnswer());
        auto* table = control<QTableWidget>("Nearest rows");
        QCOMPARE(table->rowCount(), 5);
        QCOMPARE(table->item(2, 2)->text(), QStringLiteral("1.340"));
        QSignalSpy rows(m_panel.get(), &QueryPanel::rowChosen);
        QTest::mouseClick(table->viewport(), Qt::LeftButton, {}, table->visualItemRect(table->item(2, 1)).center());
        QCOMPARE(rows.count(), 1);
        QCOMPARE(rows[0][0].toLongLong(), 4107);
        QTest::keyClick(table, Qt::Key_Down);
        QTest::keyClick(table, Qt::Key_Return);
        QCOMPARE(rows.last()[0].toLongLong(), 17);
    }

    void tokensTellTheirProbability()
    {
        m_panel->setAnswer(someAnswer());
        auto* text = control<AnswerText>("Answer");
        QTextCursor cursor = text->textCursor();
        for (const auto& [position, wanted] : { std::pair(2, "1.000"), std::pair(11, "0.400"), std::pair(20, "0.250") }) {
            cursor.setPosition(position);
            QVERIFY2(cursor.charFormat().toolTip().contains(wanted), qPrintable(cursor.charFormat().toolTip()));
        }
        // Unsure tokens differ from sure ones by tint and by underline.
        cursor.setPosition(2);
        const QTextCharFormat sure = cursor.charFormat();
        cursor.setPosition(20);
        QVERIFY(cursor.charFormat().background() != sure.background());
        QCOMPARE(cursor.charFormat().underlineStyle(), QTextCharFormat::DotLine);
        QCOMPARE(sure.underlineStyle(), QTextCharFormat::NoUnderline);
        text->setFocus();
        QTest::keyClick(text, Qt::Key_End);
        QVERIFY2(label("Token at the text cursor").contains("0.250"), qPrintable(label("Token at the text cursor")));
    }

    void tintsStayReadable()
    {
        const QPalette light = paletteOf(Qt::white, Qt::black), dark = paletteOf(QColor(0x1c, 0x1e, 0x21), QColor(0xe6, 0xe6, 0xe6));
        for (const QPalette& palette : { light, dark })
            for (int i = 0; i <= 100; ++i)
                QVERIFY(contrast(probabilityTint(i / 100.0, palette), palette.color(QPalette::Text)) > 4.5);
        QVERIFY(probabilityTint(0, light) != probabilityTint(1, light));
    }

    void emptyMemoryAnswer()
    {
        AnswerView answer;
        m_panel->setAnswer(answer);
        QVERIFY(label("Row read").contains("empty"));
        QCOMPARE(control<QTableWidget>("Nearest rows")->rowCount(), 0);
    }
};

QTEST_MAIN(TestQueryAnswer)
#include "tst_queryanswer.moc"
