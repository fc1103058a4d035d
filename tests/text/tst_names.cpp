// SPDX-License-Identifier: GPL-3.0-or-later
// Names that cannot be put in other words.
#include "core/text/Names.h"

#include <QTest>

using namespace hayloft;

class TestNames : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void namesAreFound_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QStringList>("names");
        QTest::newRow("none") << "Who kept the harbour's two ledgers, in May?" << QStringList {};
        QTest::newRow("joined") << "Amber-Lantern or amber_lantern or amber\u2010lantern" << QStringList { "amber lantern", "amber lantern", "amber lantern" };
        QTest::newRow("a dash is no hyphen") << "the ship \u2014 a brig - sank" << QStringList {};
        QTest::newRow("UUID") << "for 3f2a1b4c-77aa-4e01-9d2f-0a1b2c3d4e5f?" << QStringList { "3f2a1b4c 77aa 4e01 9d2f 0a1b2c3d4e5f" };
        QTest::newRow("codes and years") << "room B12 in 1912, floor 3, at 10, the 2nd and 301st" << QStringList { "b12", "1912" };
        QTest::newRow("digits in groups") << "1,000 and 2.500.000, not 3, 4" << QStringList { "1 000", "2 500 000" };
        QTest::newRow("address") << "write to ledger@harbour" << QStringList { "ledger harbour" };
        QTest::newRow("empty") << "" << QStringList {};
    }
    void namesAreFound()
    {
        QFETCH(QString, text);
        QFETCH(QStringList, names);
        const std::string bytes = text.toStdString();
        QStringList found;
        for (const auto& name : namesIn(bytes, WordCutter().cut(bytes)))
            found << QString::fromStdString(name.stems);
        QCOMPARE(found, names);
    }

    void textsHoldThem_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("text");
        QTest::addColumn<bool>("holds");
        QTest::newRow("as it is") << "amber lantern" << "For amber-lantern: 7." << true;
        QTest::newRow("apart") << "amber lantern" << "An amber lantern hung there." << true;
        QTest::newRow("closed up") << "to day" << "He came today." << true;
        QTest::newRow("closed up number") << "1 000" << "It cost 1000 marks." << true;
        QTest::newRow("number in groups") << "1000" << "It cost 1,000 marks." << true;
        QTest::newRow("another") << "amber lantern" << "For amber-kettle: 7." << false;
        QTest::newRow("the other way round") << "amber lantern" << "The lantern was amber." << false;
        QTest::newRow("only within words") << "amber lantern" << "Chamber lanterns" << false;
        QTest::newRow("cut before its end") << "amber lantern" << "The number for amber-" << true;
        QTest::newRow("cut after its beginning") << "3f2a 77aa 4e01" << "77aa-4e01 is: 7" << true;
        QTest::newRow("ended, not cut") << "amber lantern" << "It was of amber." << false;
        QTest::newRow("begun, not cut") << "amber lantern" << "'Lantern' is all it says" << false;
        QTest::newRow("a sentence's beginning") << "amber lantern" << "Lantern and lamp" << false;
        QTest::newRow("a part in the middle") << "3f2a 77aa 4e01" << "For 77aa: 7." << false;
        QTest::newRow("nothing") << "1912" << "" << false;
    }
    void textsHoldThem()
    {
        QFETCH(QString, name);
        QFETCH(QString, text);
        QFETCH(bool, holds);
        const std::string bytes = text.toStdString();
        QCOMPARE(holdsName(bytes, WordCutter().cut(bytes), name.toStdString()), holds);
    }
};

QTEST_APPLESS_MAIN(TestNames)
#include "tst_names.moc"
