// SPDX-License-Identifier: GPL-3.0-or-later
// The query panel as a user drives it: asking.
#include "tests/widgets/QueryPanelFixture.h"

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

using namespace hayloft;
using namespace hayloft::test;

class TestQueryPanel : public QueryPanelFixture {
    Q_OBJECT

private Q_SLOTS:
    void init() { showPanel(); }

    void enterAsks()
    {
        QSignalSpy asked(m_panel.get(), &QueryPanel::askRequested);
        auto* text = control<QLineEdit>("Query");
        QTest::keyClicks(text, "The pass key is");
        QTest::keyClick(text, Qt::Key_Return);
        QCOMPARE(asked.count(), 1);
        const auto request = asked[0][0].value<QueryRequest>();
        QCOMPARE(request.text, QStringLiteral("The pass key is"));
        QCOMPARE(request.memory.keys, KeyKind::Prefix);
        QCOMPARE(request.memory.keyMemory, KeyMemoryKind::Grow);
    }

    void buttonAsksWhatTheControlsSay()
    {
        QSignalSpy asked(m_panel.get(), &QueryPanel::askRequested);
        QTest::keyClicks(control<QLineEdit>("Query"), "What?");
        control<QRadioButton>("Whole keys")->click();
        QTest::mouseClick(control<QPushButton>("Ask"), Qt::LeftButton);
        QCOMPARE(asked.count(), 1);
        QCOMPARE(asked[0][0].value<QueryRequest>().memory.keys, KeyKind::Whole);
    }

    void contentKeysTakeAQuestion()
    {
        m_panel->setSuggestions("The pass key is", "What is the pass key?");
        QSignalSpy changed(m_panel.get(), &QueryPanel::settingsChanged);
        auto* content = control<QRadioButton>("Content keys");
        QTest::mouseClick(content, Qt::LeftButton, {}, QPoint(8, content->height() / 2));
        QCOMPARE(changed.count(), 1);
        QCOMPARE(changed[0][0].value<MemorySettings>().keys, KeyKind::Content);
        QCOMPARE(control<QLineEdit>("Query")->text(), QStringLiteral("What is the pass key?"));
        QVERIFY(!control<QSpinBox>("Prefix tokens")->isEnabled());
        QTest::keyClick(content, Qt::Key_Left); // Whole, with the same question
        QCOMPARE(changed.count(), 2);
        QCOMPARE(m_panel->settings().keys, KeyKind::Whole);
        QCOMPARE(control<QLineEdit>("Query")->text(), QStringLiteral("What is the pass key?"));
    }

    void nothingToAsk()
    {
        QSignalSpy asked(m_panel.get(), &QueryPanel::askRequested);
        auto* text = control<QLineEdit>("Query");
        QTest::keyClick(text, Qt::Key_Return);
        QTest::keyClicks(text, "   ");
        QTest::keyClick(text, Qt::Key_Return);
        QVERIFY(!control<QPushButton>("Ask")->isEnabled());
        QCOMPARE(asked.count(), 0);
    }

    void busyDoesNotAskAgain()
    {
        QSignalSpy asked(m_panel.get(), &QueryPanel::askRequested);
        auto* text = control<QLineEdit>("Query");
        QTest::keyClicks(text, "a");
        m_panel->setBusy(true);
        QTest::keyClick(text, Qt::Key_Return);
        QCOMPARE(asked.count(), 0);
        m_panel->setBusy(false);
        QTest::keyClick(text, Qt::Key_Return);
        QCOMPARE(asked.count(), 1);
    }

    void kindOfKeyBringsItsWords()
    {
        m_panel->setSuggestions("The pass key is", "What is the pass key?");
        auto* text = control<QLineEdit>("Query");
        QCOMPARE(text->text(), QStringLiteral("The pass key is"));
        QSignalSpy changed(m_panel.get(), &QueryPanel::settingsChanged);
        QTest::mouseClick(control<QRadioButton>("Whole keys"), Qt::LeftButton, {}, QPoint(8, control<QRadioButton>("Whole keys")->height() / 2));
        QCOMPARE(changed.count(), 1);
        QCOMPARE(changed[0][0].value<MemorySettings>().keys, KeyKind::Whole);
        QCOMPARE(text->text(), QStringLiteral("What is the pass key?"));
        text->selectAll();
        QTest::keyClicks(text, "Which key?");
        control<QRadioButton>("Prefix keys")->click();
        QCOMPARE(text->text(), QStringLiteral("Which key?"));
        m_panel->setSuggestions("Another", "Other?");
        QCOMPARE(text->text(), QStringLiteral("Which key?"));
    }

    void memoryControlsTellTheirChanges()
    {
        QSignalSpy changed(m_panel.get(), &QueryPanel::settingsChanged);
        auto* rows = control<QSpinBox>("Memory rows");
        QVERIFY(!rows->isEnabled());
        auto* kind = control<QComboBox>("Key memory");
        kind->setFocus();
        QTest::keyClick(kind, Qt::Key_Down);
        QCOMPARE(changed.takeLast()[0].value<MemorySettings>().keyMemory, KeyMemoryKind::Fixed);
        QVERIFY(rows->isEnabled());
        QTest::keyClick(rows, Qt::Key_Up);
        QCOMPARE(changed.takeLast()[0].value<MemorySettings>().rows, Index(8192));
        QTest::keyClick(rows, Qt::Key_Down);
        QTest::keyClick(rows, Qt::Key_Down);
        QCOMPARE(changed.takeLast()[0].value<MemorySettings>().rows, Index(2048));
        changed.clear();
        auto* tokens = control<QSpinBox>("Prefix tokens");
        tokens->selectAll();
        QTest::keyClicks(tokens, "12");
        QCOMPARE(changed.count(), 0); // not at the first digit: the memory would be written twice
        QTest::keyClick(tokens, Qt::Key_Return);
        QCOMPARE(changed.takeLast()[0].value<MemorySettings>().prefixTokens, 12);
        QCOMPARE(m_panel->settings().prefixTokens, 12);
        control<QRadioButton>("Whole keys")->click();
        QVERIFY(!tokens->isEnabled());
    }

    void thePublishedMemoryIsAChoice()
    {
        QSignalSpy changed(m_panel.get(), &QueryPanel::settingsChanged);
        auto* kind = control<QComboBox>("Key memory");
        control<QRadioButton>("Content keys")->click();
        kind->setFocus();
        QTest::keyClicks(kind, "pseudo");
        MemorySettings settings = changed.takeLast()[0].value<MemorySettings>();
        QCOMPARE(settings.addressing, Addressing::PseudoInverse);
        QCOMPARE(settings.keyMemory, KeyMemoryKind::Fixed); // rows that are drawn
        QCOMPARE(settings.rows, kPublishedRows);
        QCOMPARE(settings.keys, KeyKind::Prefix);           // content keys are for rows
        QVERIFY(!control<QRadioButton>("Content keys")->isEnabled());
        QVERIFY(control<QSpinBox>("Memory rows")->isEnabled());
        QTest::keyClick(kind, Qt::Key_Up);
        settings = changed.takeLast()[0].value<MemorySettings>();
        QCOMPARE(settings.addressing, Addressing::NearestRow);
        QCOMPARE(settings.rows, MemorySettings().rows);
        settings.addressing = Addressing::PseudoInverse;
        settings.keyMemory = KeyMemoryKind::Prior;          // as a record may say
        m_panel->setSettings(settings);
        QCOMPARE(m_panel->settings().keyMemory, KeyMemoryKind::Prior);
        QCOMPARE(kind->currentText(), QStringLiteral("pseudo-inverse"));
    }

    void settersAreSilent()
    {
        QSignalSpy changed(m_panel.get(), &QueryPanel::settingsChanged);
        MemorySettings settings;
        settings.keys = KeyKind::Whole;
        settings.keyMemory = KeyMemoryKind::Fixed;
        settings.rows = 16384;
        settings.prefixTokens = 7;
        m_panel->setSettings(settings);
        m_panel->setQuery("The", KeyKind::Prefix);
        QCOMPARE(changed.count(), 0);
        QCOMPARE(m_panel->settings().rows, Index(16384));
        QCOMPARE(m_panel->settings().prefixTokens, 7);
        QCOMPARE(m_panel->request().memory.keys, KeyKind::Prefix);
        QCOMPARE(m_panel->request().text, QStringLiteral("The"));
    }

    void everyControlHasANameAndATip() { QCOMPARE(test::unnamedControls(m_panel.get()).join("; "), QString()); }
};

QTEST_MAIN(TestQueryPanel)
#include "tst_querypanel.moc"
