// SPDX-License-Identifier: GPL-3.0-or-later
// Updates go out, come back, and are used again.
#include "app/workbench/RowsUpdatePool.h"

#include <QElapsedTimer>
#include <QTest>

#include <thread>

using namespace hayloft;

class TestRowsUpdatePool : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void memoryIsUsedAgain()
    {
        const auto pool = std::make_shared<RowsUpdatePool>();
        const float* place = nullptr;
        {
            const auto update = pool->lend();
            update->values.assign(4096, 1.5f);
            update->rows = { 1, 2 };
            place = update->values.data();
        }
        const auto again = pool->lend();
        QVERIFY(again->values.empty() && again->rows.empty() && again->counts.empty() && again->segmentRows.empty() && again->rowSegments.empty());
        again->values.resize(4096);
        QCOMPARE(static_cast<const float*>(again->values.data()), place);
    }

    void aFastWriterWaitsForTheWindow()
    {
        const auto pool = std::make_shared<RowsUpdatePool>();
        std::vector<std::shared_ptr<RowsUpdate>> held;
        for (int i = 0; i < 4; ++i)
            held.push_back(pool->lend());
        std::thread window([&held] {
            QTest::qSleep(20);
            held.pop_back();
        });
        QElapsedTimer clock;
        clock.start();
        const auto fifth = pool->lend();
        QVERIFY(clock.elapsed() >= 15);
        window.join();
        // A window that takes nothing holds nobody up.
        const auto sixth = pool->lend();
        QVERIFY(sixth);
    }

    void updatesOutliveThePool()
    {
        auto pool = std::make_shared<RowsUpdatePool>();
        auto update = pool->lend();
        pool.reset();
        update->rows = { 3 };
        update.reset();
    }
};

QTEST_GUILESS_MAIN(TestRowsUpdatePool)
#include "tst_rowsupdatepool.moc"
