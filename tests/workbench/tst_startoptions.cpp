// SPDX-License-Identifier: GPL-3.0-or-later
// The workbench's command line: what it takes and what it says of mistakes.
#include "app/workbench/StartOptions.h"

#include <QtTest>

using namespace hayloft;

class TestStartOptions : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void nothingOpensTheSampleWithItsNeedle()
    {
        const StartOptions options = parse({});
        QVERIFY(options.error.isEmpty());
        QVERIFY(options.start.paths.isEmpty());
        QVERIFY(options.start.plantDefault);
        QVERIFY(options.screenshot.isEmpty());
    }

    void everythingIsTaken()
    {
        const StartOptions o = parse({"doc.txt", "--needle", "A needle.", "--depth", "12.5", "--model", "m", "--theme", "dark",
                                      "--size", "1280x800", "--precision", "bfloat16", "--screenshot", "o.png", "--screenshot-scene", "recall"});
        QVERIFY2(o.error.isEmpty(), qPrintable(o.error));
        QCOMPARE(o.start.paths, QStringList{QStringLiteral("doc.txt")});
        QVERIFY(!o.start.plantDefault);
        QVERIFY(o.start.needle.has_value());
        QCOMPARE(QString::fromStdString(o.start.needle->needle.text), QStringLiteral("A needle."));
        QCOMPARE(o.start.needle->depth, 12.5);
        QCOMPARE(o.modelDirectory, QStringLiteral("m"));
        QCOMPARE(o.theme, ThemeChoice::Dark);
        QVERIFY(o.precision == Precision::BFloat16 && parse({}).precision == Precision::Float32);
        QCOMPARE(o.size, QSize(1280, 800));
        QCOMPARE(o.screenshot, QStringLiteral("o.png"));
        QCOMPARE(o.scene, QStringLiteral("recall"));
    }

    void aQuestionIsTaken()
    {
        QCOMPARE(parse({"--question", "Who lives there?"}).start.question, QStringLiteral("Who lives there?"));
        QVERIFY(parse({"--question", " "}).error.contains("--question"));
    }

    void depthAlonePlantsThePreset()
    {
        const StartOptions o = parse({"--depth", "70"});
        QVERIFY(o.start.needle.has_value());
        QCOMPARE(o.start.needle->needle.text, sanFranciscoNeedle().text);
    }

    void mistakesAreTold_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("word");
        QTest::newRow("size") << QStringList{"--size", "big"} << "--size big";
        QTest::newRow("zero size") << QStringList{"--size", "0x100"} << "--size";
        QTest::newRow("theme") << QStringList{"--theme", "pink"} << "pink";
        QTest::newRow("depth") << QStringList{"--depth", "101"} << "101";
        QTest::newRow("depth word") << QStringList{"--depth", "deep"} << "deep";
        QTest::newRow("nan") << QStringList{"--depth", "nan"} << "nan";
        QTest::newRow("needle") << QStringList{"--needle", "  "} << "--needle";
        QTest::newRow("precision") << QStringList{"--precision", "half"} << "float32 or bfloat16";
        QTest::newRow("scene") << QStringList{"--screenshot-scene", "x"} << "overview";
    }

    void mistakesAreTold()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QString, word);
        const QString error = parse(arguments).error;
        QVERIFY2(error.contains(word), qPrintable(error));
        QVERIFY(!error.contains(QLatin1Char('\n')));
    }

private:
    static StartOptions parse(const QStringList& arguments) { return parseStartOptions(QStringList{QStringLiteral("hayloft")} + arguments); }
};

QTEST_GUILESS_MAIN(TestStartOptions)
#include "tst_startoptions.moc"
