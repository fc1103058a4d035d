// SPDX-License-Identifier: GPL-3.0-or-later
// hayloft-cli bench gui: what it says of mistakes; and the benches' own options still work beside it.
#include "tests/cli/CliBench.h"

#include <QTemporaryDir>
#include <QTest>

using namespace hayloft::test;

class TestGuiBenchCommand : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void mistakesAreTold_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("word");
        QTest::newRow("document") << QStringList {"--document", "no-such-book.txt"} << "no-such-book.txt";
        QTest::newRow("runs") << QStringList {"--runs", "0"} << "--runs 0";
        QTest::newRow("out") << QStringList {"--out", "/no/such/folder/gui.json"} << "/no/such/folder";
    }

    void mistakesAreTold()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QString, word);
        std::vector<std::string> all {"bench", "gui"};
        for (const QString& argument : arguments)
            all.push_back(argument.toStdString());
        const Outcome outcome = run(all);
        QVERIFY(outcome.code != 0);
        QVERIFY2(isOneLine(outcome.err), outcome.err.c_str());
        QVERIFY2(has(outcome.err, word.toStdString()), outcome.err.c_str());
        QVERIFY(outcome.out.empty());
    }

    void aWorkbenchThatDoesNotStartIsTold()
    {
        qputenv("HAYLOFT_WORKBENCH", "/bin/false");
        const Outcome outcome = run({"bench", "gui", "--runs", "1"});
        qunsetenv("HAYLOFT_WORKBENCH");
        QVERIFY(outcome.code != 0);
        QVERIFY2(isOneLine(outcome.err) && has(outcome.err, "/bin/false"), outcome.err.c_str());
    }

    void helpNamesItAndTheBenchItselfStillRuns()
    {
        QVERIFY(has(run({"bench", "--help"}).out, "gui"));
        const Outcome outcome = run({"bench", "--segments", "4", "--rows", "64", "--queries", "2", "--repeats", "1"});
        QCOMPARE(outcome.code, 0);
        QVERIFY(has(outcome.out, "tokens/s"));
    }
};

QTEST_GUILESS_MAIN(TestGuiBenchCommand)
#include "tst_guibenchcommand.moc"
