// SPDX-License-Identifier: GPL-3.0-or-later
// Settings come back as they were saved, key by key, whatever the file holds.
#include "app/workbench/SettingsStore.h"

#include <QSettings>
#include <QTemporaryDir>
#include <QtTest>

using namespace hayloft;

class TestSettings : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void defaultsWithoutFile();
    void everyFieldRoundTrips();
    void everyKeyIsItsOwn();
    void wrongTypesKeepDefaults();
    void newerSchemaGivesDefaults();
    void memoryDetailsAreRemembered();
    void badMemoryDetailsKeepDefaults();
    void planIsRemembered();
    void recentFilesAreBounded();

private:
    static Settings unusual();
};

Settings TestSettings::unusual()
{
    Settings s;
    s.theme = ThemeChoice::Dark;
    s.geometry = QByteArray("\x00\x01geo\xff", 6);
    s.layout = QByteArray("\xfe\x00lay", 5);
    s.recentFiles = {QStringLiteral("/a b.txt"), QStringLiteral("/다.txt")};
    s.lastFolder = QStringLiteral("/somewhere, else");
    s.modelDirectory = QStringLiteral("/models/own");
    s.slowMotionRuns = false;
    s.slowMotionMs = 123;
    s.needleText = QStringLiteral("A \"needle\"; with, signs = 5%");
    s.needlePrefix = QStringLiteral("A \"needle\"");
    s.needleQuestion = QStringLiteral("Which?");
    s.needleDepth = 12.75;
    s.keys = QStringLiteral("whole");
    s.keyMemory = QStringLiteral("fixed");
    s.addressing = QStringLiteral("pseudo-inverse");
    s.prefixTokens = 7;
    s.rows = 512;
    s.prompted = QStringLiteral("query");
    s.newtonSteps = 9;
    s.newtonScale = 0.00025;
    s.reads = 3;
    s.observationNoise = 1e-6;
    s.sampled = true;
    s.weightLogVariance = -0.5;
    s.segmenter = QStringLiteral("paragraph");
    s.maxTokens = 33;
    s.sweepSaved = true;
    s.sweepTask = QStringLiteral("needle");
    s.sweepDigits = 9;
    s.sweepLengths = QStringLiteral("100,200");
    s.sweepDepths = QStringLiteral("1,2.5");
    s.sweepPlacement = QStringLiteral("inside");
    s.sweepTrials = 4;
    s.sweepControls = 2;
    s.sweepSeed = 18446744073709551615ull;
    s.sweepOverLoads = true;
    s.sweepLoads = QStringLiteral("0.5,2");
    s.sweepLoadLength = 12345;
    s.loadCurves = {QStringLiteral("/a/load, 1.json")};
    s.sweepTaskSet = {QStringLiteral("passkey-7"), QStringLiteral("niah_multivalue")};
    return s;
}

void TestSettings::defaultsWithoutFile()
{
    QTemporaryDir folder;
    QVERIFY(SettingsStore(folder.filePath(QStringLiteral("none.ini"))).load() == Settings());
}

void TestSettings::everyFieldRoundTrips()
{
    QTemporaryDir folder;
    const QString file = folder.filePath(QStringLiteral("s.ini"));
    SettingsStore(file).save(unusual());
    QVERIFY(SettingsStore(file).load() == unusual());
    QVERIFY(!(SettingsStore(file).load() == Settings()));
}

void TestSettings::everyKeyIsItsOwn()
{
    // Deleting one key must change exactly one field back to its default: two fields on one key would be caught.
    QTemporaryDir folder;
    const QStringList keys = SettingsStore::keys();
    QCOMPARE(QSet<QString>(keys.begin(), keys.end()).size(), keys.size());
    for (const QString& key : keys) {
        const QString file = folder.filePath(QStringLiteral("one.ini"));
        QFile::remove(file);
        SettingsStore(file).save(unusual());
        {
            QSettings raw(file, QSettings::IniFormat);
            QVERIFY2(raw.contains(key), qPrintable(key));
            raw.remove(key);
        }
        const Settings loaded = SettingsStore(file).load();
        QVERIFY2(!(loaded == unusual()), qPrintable(key));
    }
}

void TestSettings::wrongTypesKeepDefaults()
{
    QTemporaryDir folder;
    const QString file = folder.filePath(QStringLiteral("bad.ini"));
    {
        QSettings raw(file, QSettings::IniFormat);
        raw.setValue(QStringLiteral("window/theme"), QStringLiteral("purple"));
        raw.setValue(QStringLiteral("memory/rows"), QStringLiteral("many"));
        raw.setValue(QStringLiteral("needle/depth"), QStringLiteral("deep"));
        raw.setValue(QStringLiteral("sweep/seed"), QStringLiteral("-x"));
        raw.setValue(QStringLiteral("memory/keys"), QStringLiteral("nonsense"));
    }
    const Settings loaded = SettingsStore(file).load();
    QCOMPARE(loaded.theme, Settings().theme);
    QCOMPARE(loaded.rows, Settings().rows);
    QCOMPARE(loaded.needleDepth, Settings().needleDepth);
    QCOMPARE(loaded.sweepSeed, Settings().sweepSeed);
    QCOMPARE(memorySettingsOf(loaded).keys, KeyKind::Prefix);
}

void TestSettings::newerSchemaGivesDefaults()
{
    QTemporaryDir folder;
    const QString file = folder.filePath(QStringLiteral("new.ini"));
    SettingsStore(file).save(unusual());
    QSettings(file, QSettings::IniFormat).setValue(QStringLiteral("schema"), kSettingsSchema + 1);
    QVERIFY(SettingsStore(file).load() == Settings());
}

void TestSettings::memoryDetailsAreRemembered()
{
    MemorySettings memory;
    memory.addressing = Addressing::PseudoInverse;
    memory.keyMemory = KeyMemoryKind::Prior;
    memory.prompted = DecoderPrompt::Prefix;
    memory.inverse = InverseMode::Newton;
    memory.newton = {7, 0.00025};
    memory.reads = 2;
    memory.observationNoise = 1e-6f;
    memory.sampled = true;
    memory.weightLogVariance = -0.1f;
    QTemporaryDir folder;
    const QString file = folder.filePath(QStringLiteral("m.ini"));
    Settings settings;
    setMemorySettings(settings, memory);
    SettingsStore(file).save(settings);
    const MemorySettings back = memorySettingsOf(SettingsStore(file).load());
    QCOMPARE(back.keyMemory, KeyMemoryKind::Prior);
    QCOMPARE(back.prompted, DecoderPrompt::Prefix);
    QCOMPARE(back.inverse, InverseMode::Newton);
    QCOMPARE(back.newton.steps, 7);
    QCOMPARE(back.newton.scale, 0.00025);
    QCOMPARE(back.reads, 2);
    QVERIFY(back.observationNoise == 1e-6f && back.sampled && back.weightLogVariance == -0.1f);
}

void TestSettings::badMemoryDetailsKeepDefaults()
{
    Settings settings;
    settings.addressing = QStringLiteral("pseudo-inverse");
    settings.newtonSteps = 15;
    settings.newtonScale = -1; // no scale
    settings.reads = 2;
    const MemorySettings memory = memorySettingsOf(settings);
    QCOMPARE(memory.addressing, Addressing::PseudoInverse);
    QCOMPARE(memory.inverse, InverseMode::Exact);
    QCOMPARE(memory.reads, 1);
    QCOMPARE(memory.newton.scale, NewtonSettings().scale);
}

void TestSettings::planIsRemembered()
{
    SweepPlan plan;
    plan.task.kind = TaskKind::Needle;
    plan.task.placement = Placement::Inside;
    plan.task.digits = 6;
    plan.lengths = {1000, 2500};
    plan.depths = {0, 33.5, 100};
    plan.trials = 7;
    plan.controls = 3;
    plan.seed = 99;
    Settings settings;
    SweepPlan untouched;
    recallPlan(settings, untouched);
    QVERIFY(untouched.lengths.empty());
    rememberPlan(settings, plan);
    SweepPlan back;
    recallPlan(settings, back);
    QCOMPARE(back.lengths, plan.lengths);
    QCOMPARE(back.depths, plan.depths);
    QCOMPARE(back.task.kind, plan.task.kind);
    QCOMPARE(back.task.placement, plan.task.placement);
    QCOMPARE(back.task.digits, 6);
    QCOMPARE(back.trials, 7);
    QCOMPARE(back.controls, 3);
    QCOMPARE(back.seed, std::uint64_t(99));
    setTaskName(plan.task, "niah_multikey_3");
    rememberPlan(settings, plan);
    recallPlan(settings, back);
    QCOMPARE(back.task.kind, TaskKind::Ruler);
    QCOMPARE(back.task.ruler, RulerTask::NiahMultikey3);
}

void TestSettings::recentFilesAreBounded()
{
    Settings settings;
    for (int i = 0; i < 30; ++i)
        rememberFile(settings, QString::number(i));
    rememberFile(settings, QStringLiteral("25"));
    QCOMPARE(settings.recentFiles.size(), kMaxRecentFiles);
    QCOMPARE(settings.recentFiles.first(), QStringLiteral("25"));
    QCOMPARE(settings.recentFiles.count(QStringLiteral("25")), 1);
}

QTEST_GUILESS_MAIN(TestSettings)
#include "tst_settings.moc"
