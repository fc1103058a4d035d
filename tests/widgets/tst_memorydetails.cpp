// SPDX-License-Identifier: GPL-3.0-or-later
// The memory settings behind "More…" as a user drives them, in the query panel and in the sweep's form.
#include "core/recall/GenerativeReader.h"
#include "tests/widgets/Controls.h"
#include "widgets/QueryPanel.h"
#include "widgets/RecallPanel.h"
#include "widgets/query/MemoryDetails.h"
#include "widgets/query/MemorySettingsBox.h"
#include "widgets/query/NumberSpinBox.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QRadioButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTest>
#include <QToolButton>

#include <cmath>

using namespace hayloft;
using namespace hayloft::test;

class TestMemoryDetails : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_box = std::make_unique<MemorySettingsBox>();
        m_box->resize(360, 90);
        m_box->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_box.get()));
    }

    void nothingChangesUntilItIsOpened()
    {
        QVERIFY(!details()->isVisible());
        QCOMPARE(words(), QString());
        QVERIFY(!control<QLabel>("Unusual memory settings")->isVisible());
        const MemorySettings usual, settings = m_box->settings();
        QVERIFY(settings.prompted == usual.prompted && settings.inverse == usual.inverse && settings.reads == 1 && settings.observationNoise == 0
                && !settings.sampled && settings.weightLogVariance == 0 && settings.newton.steps == usual.newton.steps
                && settings.newton.scale == usual.newton.scale);
    }

    void theButtonOpensAndEscapeCloses()
    {
        QTest::mouseClick(control<QToolButton>("More"), Qt::LeftButton);
        QVERIFY(details()->isVisible());
        QVERIFY(control<QComboBox>("Decoder prompt")->hasFocus() || details()->focusWidget() == control<QComboBox>("Decoder prompt"));
        QTest::keyClick(details(), Qt::Key_Escape);
        QVERIFY(!details()->isVisible());
        m_box->setEnabled(false); // as while a sweep runs
        m_box->openDetails();
        QVERIFY(!details()->isVisible());
    }

    void aClickElsewhereKeepsWhatWasTyped()
    {
        openPublished();
        auto* reads = control<QSpinBox>("Reads");
        reads->selectAll();
        QTest::keyClicks(reads, "3");
        QCOMPARE(m_box->settings().reads, 1); // not yet: the memory would be written at each digit
        QTest::mouseClick(details(), Qt::LeftButton, {}, QPoint(details()->width() + 40, details()->height() + 40));
        QVERIFY(!details()->isVisible());
        QCOMPARE(m_box->settings().reads, 3);
    }

    void everyControlSaysWhatItSets()
    {
        openPublished();
        m_box->setModel({ 16, true });
        QSignalSpy changed(m_box.get(), &MemorySettingsBox::changed);
        QTest::keyClick(control<QComboBox>("Decoder prompt"), Qt::Key_Down);
        QCOMPARE(m_box->settings().prompted, DecoderPrompt::Prefix);
        QTest::keyClick(control<QComboBox>("Decoder prompt"), Qt::Key_Down);
        QCOMPARE(m_box->settings().prompted, DecoderPrompt::Query);
        QCOMPARE(changed.count(), 2);
        click<QRadioButton>("Newton inverses");
        QCOMPARE(m_box->settings().inverse, InverseMode::Newton);
        QCOMPARE(changed.count(), 3); // once, not for each of the two buttons
        type<QSpinBox>("Newton steps", "7");
        QCOMPARE(m_box->settings().newton.steps, 7);
        type<NumberSpinBox>("Newton scale", "2.5e-4");
        QCOMPARE(m_box->settings().newton.scale, 0.00025);
        type<QSpinBox>("Reads", "2");
        QCOMPARE(m_box->settings().reads, 2);
        type<NumberSpinBox>("Observation noise", "1e-6");
        QCOMPARE(m_box->settings().observationNoise, 1e-6f);
        QCOMPARE(control<NumberSpinBox>("Observation noise")->text(), QStringLiteral("1e-6"));
        click<QCheckBox>("Sampled weights");
        QVERIFY(m_box->settings().sampled);
        type<NumberSpinBox>("Log variance of weights", "-0.1");
        QCOMPARE(m_box->settings().weightLogVariance, -0.1f);
        QCOMPARE(changed.count(), 9);
        QCOMPARE(words(), QStringLiteral("prompted with the query, Newton 7 from 0.00025, 2 reads, noise 1e-6, sampled, log variance -0.1"));
        click<QRadioButton>("Rows of the learned prior");
        QCOMPARE(m_box->settings().keyMemory, KeyMemoryKind::Prior);
        QCOMPARE(m_box->settings().rows, Index(16));
        QVERIFY(!control<QSpinBox>("Memory rows")->isEnabled());
        QVERIFY(words().contains(QStringLiteral("learned prior")));
        click<QRadioButton>("Drawn rows");
        QCOMPARE(m_box->settings().keyMemory, KeyMemoryKind::Fixed);
        QCOMPARE(m_box->settings().rows, kPublishedRows);
        QVERIFY(control<QSpinBox>("Memory rows")->isEnabled());
        click<QRadioButton>("Exact inverses");
        QCOMPARE(m_box->settings().inverse, InverseMode::Exact);
        changed.clear();
        QTest::mouseClick(control<QPushButton>("Default memory details"), Qt::LeftButton);
        QCOMPARE(changed.count(), 1);
        QCOMPARE(words(), QString());
        QCOMPARE(m_box->settings().reads, 1);
    }

    void whatIsSetIsShown()
    {
        QSignalSpy changed(m_box.get(), &MemorySettingsBox::changed);
        const MemorySettings set = unusual();
        m_box->setSettings(set);
        QVERIFY(changed.isEmpty());
        QCOMPARE(words(), QStringLiteral("prompted with the prefix, learned prior, Newton 9 from 0.001, 4 reads, noise 0.125, sampled, log variance -2"));
        QCOMPARE(control<QComboBox>("Decoder prompt")->currentText(), QStringLiteral("the query's prefix"));
        QVERIFY(control<QRadioButton>("Rows of the learned prior")->isChecked());
        QVERIFY(control<QRadioButton>("Newton inverses")->isChecked());
        QCOMPARE(control<QSpinBox>("Newton steps")->value(), 9);
        QCOMPARE(control<NumberSpinBox>("Newton scale")->text(), QStringLiteral("0.001"));
        QCOMPARE(control<QSpinBox>("Reads")->value(), 4);
        QCOMPARE(control<NumberSpinBox>("Observation noise")->text(), QStringLiteral("0.125"));
        QVERIFY(control<QCheckBox>("Sampled weights")->isChecked());
        QCOMPARE(control<NumberSpinBox>("Log variance of weights")->text(), QStringLiteral("-2"));
        QVERIFY(same(m_box->settings(), set));
        // Numbers that no decimal hits stay what they are.
        MemorySettings odd = set;
        odd.observationNoise = std::nextafter(0.1f, 1.0f);
        odd.newton.scale = std::nextafter(5e-4, 1.0);
        m_box->setSettings(odd);
        QVERIFY(same(m_box->settings(), odd));
        m_box->setSettings({});
        QCOMPARE(words(), QString());
    }

    void whatDoesNotApplyIsGrey()
    {
        const QStringList published { "Drawn rows", "Exact inverses", "Newton inverses", "Reads", "Observation noise", "Sampled weights" };
        const QStringList further { "Newton steps", "Newton scale", "Log variance of weights", "Rows of the learned prior" };
        const auto enabled = [this](const QString& name) { return control<QWidget>(qPrintable(name))->isEnabled(); };
        m_box->openDetails();
        for (const QString& name : published + further)
            QVERIFY2(!enabled(name), qPrintable(name));
        QVERIFY(enabled("Decoder prompt")); // with any addressing
        QVERIFY(!control<QLabel>("What applies")->text().isEmpty());
        openPublished();
        QVERIFY(control<QLabel>("What applies")->text().isEmpty());
        for (const QString& name : published)
            QVERIFY2(enabled(name), qPrintable(name));
        for (const QString& name : further)
            QVERIFY2(!enabled(name), qPrintable(name));
        QVERIFY(control<QRadioButton>("Rows of the learned prior")->toolTip().contains(QStringLiteral("no learned prior")));
        m_box->setModel({ 512, true });
        QVERIFY(enabled("Rows of the learned prior"));
        QVERIFY(control<QRadioButton>("Rows of the learned prior")->toolTip().contains(QStringLiteral("512")));
        click<QRadioButton>("Newton inverses");
        QVERIFY(enabled("Newton steps") && enabled("Newton scale"));
        click<QCheckBox>("Sampled weights");
        QVERIFY(enabled("Log variance of weights"));
    }

    void promptsNeedADecoderAndKeysThatTakeThem()
    {
        auto* prompt = control<QComboBox>("Decoder prompt");
        m_box->openDetails();
        QTest::keyClick(prompt, Qt::Key_End);
        QCOMPARE(words(), QStringLiteral("prompted with the query"));
        QTest::keyClick(details(), Qt::Key_Escape);
        control<QRadioButton>("Content keys")->click();
        QVERIFY(!prompt->isEnabled());
        QVERIFY(prompt->toolTip().contains(QStringLiteral("judged")));
        QCOMPARE(m_box->settings().prompted, DecoderPrompt::None);
        QCOMPARE(words(), QString());
        control<QRadioButton>("Whole keys")->click();
        QVERIFY(prompt->isEnabled());
        QCOMPARE(m_box->settings().prompted, DecoderPrompt::Query); // the choice has come back
        QCOMPARE(words(), QStringLiteral("prompted with the query"));
        m_box->setModel({ 0, false });
        QVERIFY(!prompt->isEnabled());
        QVERIFY(prompt->toolTip().contains(QStringLiteral("takes no prompts")));
    }

    void latentsOfARecordAreToldAndDropped()
    {
        MemorySettings record;
        record.latents = LatentFormat::Float16;
        m_box->setSettings(record);
        QCOMPARE(words(), QStringLiteral("latents of float16"));
        QVERIFY(m_box->settings().latents == LatentFormat::Float16);
        control<QRadioButton>("Whole keys")->click();
        QVERIFY(m_box->settings().latents == LatentFormat::Float32);
        QCOMPARE(words(), QString());
    }

    void noNumberOutOfRangeCanBeEntered_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("typed");
        QTest::newRow("no reads") << "Reads" << "0";
        QTest::newRow("too many reads") << "Reads" << "1001";
        QTest::newRow("no steps") << "Newton steps" << "0";
        QTest::newRow("too many steps") << "Newton steps" << "1001";
        QTest::newRow("negative noise") << "Observation noise" << "-1";
        QTest::newRow("great noise") << "Observation noise" << "1e7";
        QTest::newRow("word") << "Observation noise" << "nan";
        QTest::newRow("half a number") << "Observation noise" << "1e-";
        QTest::newRow("no scale") << "Newton scale" << "0";
        QTest::newRow("negative scale") << "Newton scale" << "-1e-4";
        QTest::newRow("endless scale") << "Newton scale" << "inf";
        QTest::newRow("great variance") << "Log variance of weights" << "31";
        QTest::newRow("small variance") << "Log variance of weights" << "-31";
    }
    void noNumberOutOfRangeCanBeEntered()
    {
        QFETCH(QString, name);
        QFETCH(QString, typed);
        openPublished();
        click<QRadioButton>("Newton inverses");
        click<QCheckBox>("Sampled weights");
        auto* box = control<QAbstractSpinBox>(qPrintable(name));
        box->setFocus();
        box->selectAll();
        QTest::keyClicks(box, typed);
        QTest::keyClick(box, Qt::Key_Return);
        checkGenerative(m_box->settings()); // throws, and so fails, for what the command line refuses
        QVERIFY(m_box->settings().newton.scale > 0);
    }

    void theLimitsAreTheCommandLines()
    {
        openPublished();
        click<QRadioButton>("Newton inverses");
        click<QCheckBox>("Sampled weights");
        const auto refused = [](const MemorySettings& settings) {
            try {
                checkGenerative(settings);
            } catch (const Error&) {
                return true;
            }
            return false;
        };
        for (const bool most : { false, true }) {
            const int by = most ? 1 : -1;
            for (const char* name : { "Reads", "Newton steps" })
                control<QSpinBox>(name)->setValue(most ? 1 << 30 : -1);
            for (const char* name : { "Newton scale", "Observation noise", "Log variance of weights" })
                control<NumberSpinBox>(name)->setValue(most ? 1e300 : -1e300);
            const MemorySettings edge = m_box->settings();
            QVERIFY(!refused(edge));
            std::vector<MemorySettings> beyond(4, edge);
            beyond[0].reads += by;
            beyond[1].newton.steps += by;
            beyond[2].observationNoise = std::nextafter(edge.observationNoise, float(by) * 1e30f);
            beyond[3].weightLogVariance = std::nextafter(edge.weightLogVariance, float(by) * 1e30f);
            for (std::size_t i = 0; i < beyond.size(); ++i)
                QVERIFY2(refused(beyond[i]), qPrintable(QString::number(i)));
        }
    }

    void arrowsStepThroughSizes()
    {
        openPublished();
        click<QRadioButton>("Newton inverses");
        auto* noise = control<NumberSpinBox>("Observation noise");
        QTest::keyClick(noise, Qt::Key_Up);
        QCOMPARE(noise->text(), QStringLiteral("1e-6"));
        QTest::keyClick(noise, Qt::Key_Up);
        QCOMPARE(noise->text(), QStringLiteral("1e-5"));
        QTest::keyClick(noise, Qt::Key_Down);
        QTest::keyClick(noise, Qt::Key_Down);
        QCOMPARE(noise->text(), QStringLiteral("0"));
        QTest::keyClick(noise, Qt::Key_Down);
        QCOMPARE(noise->value(), 0.0);
        auto* scale = control<NumberSpinBox>("Newton scale");
        QTest::keyClick(scale, Qt::Key_Down);
        QCOMPARE(scale->text(), QStringLiteral("0.00025"));
    }

    void whatIsBeingTypedIsKept()
    {
        openPublished();
        auto* noise = control<NumberSpinBox>("Observation noise");
        noise->setFocus();
        noise->selectAll();
        QTest::keyClicks(noise, "1e-");
        m_box->setSettings(m_box->settings()); // the memory of the change before is written
        QTest::keyClicks(noise, "3");
        QTest::keyClick(noise, Qt::Key_Return);
        QCOMPARE(m_box->settings().observationNoise, 1e-3f);
    }

    void ownRowsComeBackAfterThePrior()
    {
        m_box->setModel({ 40, true });
        openPublished();
        auto* rows = control<QSpinBox>("Memory rows");
        rows->setValue(2048);
        click<QRadioButton>("Rows of the learned prior");
        QCOMPARE(rows->value(), 40);
        m_box->setSettings(m_box->settings()); // as the window does when the memory is written
        QCOMPARE(m_box->settings().rows, Index(40));
        control<QComboBox>("Key memory")->setCurrentIndex(1);
        QCOMPARE(m_box->settings().addressing, Addressing::NearestRow);
        QCOMPARE(m_box->settings().keyMemory, KeyMemoryKind::Fixed);
        QCOMPARE(rows->value(), 2048);
    }

    void bothPanelsHaveThem()
    {
        QueryPanel query;
        RecallPanel recall;
        QVERIFY(named<QToolButton>(&query, "More") && named<QToolButton>(&recall, "Sweep: More"));
        for (QWidget* panel : { static_cast<QWidget*>(&query), static_cast<QWidget*>(&recall) })
            QCOMPARE(unnamedControls(panel), QStringList());
        recall.resize(1280, 500);
        recall.show();
        recall.openMemoryDetails();
        auto* popup = named<MemoryDetails>(&recall, "Sweep: More memory settings");
        QVERIFY(popup && popup->isVisible());
        QTest::keyClick(named<QComboBox>(&recall, "Sweep: Decoder prompt"), Qt::Key_End);
        QCOMPARE(recall.plan().memory.prompted, DecoderPrompt::Query);
        QCOMPARE(query.settings().prompted, DecoderPrompt::None);
        popup->close();
        SweepPlan plan = recall.plan();
        plan.memory = unusual();
        recall.setPlan(plan);
        QVERIFY(same(recall.plan().memory, unusual()));
    }

private:
    std::unique_ptr<MemorySettingsBox> m_box;

    template <typename Widget>
    Widget* control(const char* name) const
    {
        Widget* widget = named<Widget>(m_box.get(), QString::fromUtf8(name));
        if (!widget)
            qFatal("no control named %s", name);
        return widget;
    }
    MemoryDetails* details() const { return control<MemoryDetails>("More memory settings"); }
    QString words() const { return control<QLabel>("Unusual memory settings")->text(); }
    void openPublished() const
    {
        auto* kind = control<QComboBox>("Key memory");
        kind->setCurrentIndex(kind->findText(QStringLiteral("pseudo-inverse")));
        m_box->openDetails();
        QVERIFY(QTest::qWaitForWindowExposed(details()));
    }
    template <typename Widget>
    void click(const char* name) const
    {
        auto* button = control<Widget>(name);
        QTest::mouseClick(button, Qt::LeftButton, {}, QPoint(8, button->height() / 2));
    }
    template <typename Widget>
    void type(const char* name, const QString& text) const
    {
        auto* box = control<Widget>(name);
        box->setFocus();
        box->selectAll();
        QTest::keyClicks(box, text);
        QTest::keyClick(box, Qt::Key_Return);
    }
    static MemorySettings unusual()
    {
        MemorySettings settings;
        settings.addressing = Addressing::PseudoInverse;
        settings.keyMemory = KeyMemoryKind::Prior;
        settings.rows = 512;
        settings.prompted = DecoderPrompt::Prefix;
        settings.inverse = InverseMode::Newton;
        settings.newton = { 9, 0.001 };
        settings.reads = 4;
        settings.observationNoise = 0.125f;
        settings.sampled = true;
        settings.weightLogVariance = -2;
        return settings;
    }
    static bool same(const MemorySettings& a, const MemorySettings& b)
    {
        return a.addressing == b.addressing && a.keys == b.keys && a.keyMemory == b.keyMemory && a.rows == b.rows && a.prompted == b.prompted
            && a.inverse == b.inverse && a.newton.steps == b.newton.steps && a.newton.scale == b.newton.scale && a.reads == b.reads
            && a.observationNoise == b.observationNoise && a.sampled == b.sampled && a.weightLogVariance == b.weightLogVariance;
    }
};

QTEST_MAIN(TestMemoryDetails)
#include "tst_memorydetails.moc"
