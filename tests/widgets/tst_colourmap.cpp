// SPDX-License-Identifier: GPL-3.0-or-later
// Colour maps: published end points, order of lightness, and hostile values.
#include "widgets/ColourMap.h"
#include "widgets/PanelColours.h"

#include <QTest>
#include <cmath>
#include <limits>

using namespace hayloft;

class TestColourMap : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void publishedEndPoints()
    {
        QCOMPARE(sequential(0, Palette::Viridis), QColor(68, 1, 84));
        QCOMPARE(sequential(1, Palette::Viridis), QColor(253, 231, 37));
        QCOMPARE(sequential(0, Palette::Cividis), QColor(0, 34, 78));
        QCOMPARE(sequential(1, Palette::Cividis), QColor(254, 232, 56));
        QCOMPARE(sequential(0.5, Palette::RedAmberGreen), QColor(0xEB, 0xB8, 0x39));
    }

    void lightnessRises()
    {
        const auto luma = [](const QColor& c) { return 0.2126 * c.red() + 0.7152 * c.green() + 0.0722 * c.blue(); };
        for (const Palette palette : {Palette::Viridis, Palette::Cividis}) {
            for (int i = 1; i <= 50; ++i)
                QVERIFY(luma(sequential(i / 50.0, palette)) > luma(sequential((i - 1) / 50.0, palette)));
        }
    }

    void divergesFromTheCentre()
    {
        for (const QColor& centre : {QColor(245, 245, 245), QColor(30, 31, 34)}) {
            QCOMPARE(diverging(0, centre), centre);
            QVERIFY(diverging(-0.5, centre).blue() > diverging(-0.5, centre).red() + 40);
            QVERIFY(diverging(0.5, centre).red() > diverging(0.5, centre).blue() + 40);
            const auto table = divergingTable(centre);
            QCOMPARE(QColor(table[0]), diverging(-1, centre));
            QCOMPARE(QColor(table[255]), diverging(1, centre));
        }
    }

    void hostileValues()
    {
        const double nan = std::numeric_limits<double>::quiet_NaN(), infinite = std::numeric_limits<double>::infinity();
        for (const Palette palette : {Palette::Viridis, Palette::Cividis, Palette::RedAmberGreen}) {
            QCOMPARE(sequential(nan, palette), sequential(0, palette));
            QCOMPARE(sequential(infinite, palette), sequential(1, palette));
            QCOMPARE(sequential(-3, palette), sequential(0, palette));
        }
        QCOMPARE(diverging(nan), diverging(0));
        QCOMPARE(diverging(-infinite), diverging(-1));
    }

    void textIsLegible()
    {
        QCOMPARE(textOn(Qt::white), QColor(Qt::black));
        QCOMPARE(textOn(QColor(0, 34, 78)), QColor(Qt::white));
    }

    void themesAreToldApart()
    {
        QPalette dark;
        dark.setColor(QPalette::Base, QColor(30, 31, 34));
        dark.setColor(QPalette::Text, QColor(220, 222, 225));
        QVERIFY(isDark(dark));
        QVERIFY(!isDark(QPalette(Qt::white)));
        QVERIFY(panelColours(dark).heatCentre.lightness() < 70);
    }
};

QTEST_GUILESS_MAIN(TestColourMap)
#include "tst_colourmap.moc"
