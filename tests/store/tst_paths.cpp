// SPDX-License-Identifier: GPL-3.0-or-later
// Where bundled data is found, and numbers as text.
#include "core/base/Format.h"
#include "core/base/Paths.h"

#include <QTemporaryDir>
#include <QTest>

using namespace hayloft;

class TestPaths : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void sourceTreeServesABuildFolder()
    {
        qunsetenv("HAYLOFT_DATA");
        QVERIFY(std::filesystem::is_directory(sampleHaystacksDirectory()));
        QVERIFY(std::filesystem::is_regular_file(needlesFile()));
        QVERIFY(std::filesystem::is_regular_file(wordsDirectory() / "nouns.txt"));
        QVERIFY(std::filesystem::exists(programDirectory() / "tst_paths"));
    }

    void environmentComesFirst()
    {
        const QTemporaryDir folder;
        const std::filesystem::path data = folder.path().toStdString();
        std::filesystem::create_directories(data / "models" / "mine");
        qputenv("HAYLOFT_DATA", folder.path().toUtf8());
        QCOMPARE(modelDirectory("mine").string(), (data / "models" / "mine").string());
        // What that folder lacks is still found elsewhere; what is nowhere is named in the best place.
        QVERIFY(std::filesystem::is_regular_file(needlesFile()));
        QCOMPARE(modelDirectory("none").string(), (data / "models" / "none").string());
        qunsetenv("HAYLOFT_DATA");
    }

    void numbersAreGrouped()
    {
        QCOMPARE(grouped(0), std::string("0"));
        QCOMPARE(grouped(999), std::string("999"));
        QCOMPARE(grouped(1000), std::string("1,000"));
        QCOMPARE(grouped(-1234567), std::string("-1,234,567"));
        QCOMPARE(grouped(-123), std::string("-123"));
        QCOMPARE(formatted("%s %.2f", std::string(5000, 'x').c_str(), 1.5).size(), std::size_t(5005));
    }
};

QTEST_GUILESS_MAIN(TestPaths)
#include "tst_paths.moc"
