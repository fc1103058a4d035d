// SPDX-License-Identifier: GPL-3.0-or-later
// Seeds and random numbers: the same everywhere, and evenly spread.
#include "core/base/Random.h"

#include <QTest>

#include <cmath>
#include <set>

using namespace hayloft;

class TestRandom : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void splitMixVector()
    {
        Random random(1234567); // the reference implementation's first outputs
        QCOMPARE(random.next(), std::uint64_t { 6457827717110365317ull });
        QCOMPARE(random.next(), std::uint64_t { 3203168211198807973ull });
        QCOMPARE(random.next(), std::uint64_t { 9817491932198370423ull });
    }

    void partsGiveDifferentSeeds()
    {
        std::set<std::uint64_t> seeds;
        for (std::uint64_t a = 0; a < 50; ++a)
            for (std::uint64_t b = 0; b < 50; ++b)
                seeds.insert(mixSeed(7, a, b));
        QCOMPARE(seeds.size(), std::size_t { 2500 });
        QVERIFY(mixSeed(7, 1, 2) != mixSeed(7, 2, 1));
    }

    void moments()
    {
        Random random(3);
        double sum = 0, squares = 0, uniform = 0;
        constexpr int n = 200000;
        for (int i = 0; i < n; ++i) {
            const double x = random.normal();
            sum += x;
            squares += x * x;
            const double u = random.uniform();
            QVERIFY(u >= 0 && u < 1);
            uniform += u;
        }
        QVERIFY(std::abs(sum / n) < 0.01); // 4.5 standard errors
        QVERIFY(std::abs(squares / n - 1) < 0.015);
        QVERIFY(std::abs(uniform / n - 0.5) < 0.003);
    }
};

QTEST_GUILESS_MAIN(TestRandom)
#include "tst_random.moc"
