// SPDX-License-Identifier: GPL-3.0-or-later
// What the compute thread posts arrives in order, and never all in one turn of the event loop.
#include "app/workbench/Deliveries.h"

#include <QEventLoop>
#include <QtTest>
#include <thread>

using namespace hayloft;

class TestDeliveries : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void arriveInOrderOnTheReceiversThread()
    {
        Deliveries deliveries;
        std::vector<int> arrived;
        bool elsewhere = false;
        std::thread poster([&] {
            for (int i = 0; i < 2000; ++i)
                deliveries.post([&, i] {
                    arrived.push_back(i);
                    elsewhere |= QThread::currentThread() != deliveries.thread();
                });
        });
        QTRY_COMPARE(arrived.size(), std::size_t {2000});
        poster.join();
        QVERIFY(std::is_sorted(arrived.begin(), arrived.end()));
        QVERIFY(!elsewhere);
    }

    void otherEventsComeInBetween()
    {
        Deliveries deliveries;
        int done = 0, before = -1;
        for (int i = 0; i < 40; ++i)
            deliveries.post([&] {
                std::this_thread::sleep_for(std::chrono::milliseconds(5));
                ++done;
            });
        // Queued like a repaint: at the lowest priority, after what is waiting already.
        struct Late : QObject {
            std::function<void()> then;
            bool event(QEvent* e) override { return e->type() == QEvent::User ? (then(), true) : QObject::event(e); }
        } late;
        late.then = [&] { before = done; };
        QCoreApplication::postEvent(&late, new QEvent(QEvent::User), Qt::LowEventPriority);
        QTRY_COMPARE(done, 40);
        QVERIFY2(before >= 0 && before < 10, qPrintable(QString::number(before)));
    }

    void aDialogDoesNotHoldUpTheRest()
    {
        Deliveries deliveries;
        int done = 0;
        deliveries.post([&] {
            QEventLoop dialog;
            QTimer::singleShot(5000, &dialog, &QEventLoop::quit);
            deliveries.post([&] {
                ++done;
                dialog.quit();
            });
            dialog.exec();
            ++done;
        });
        deliveries.post([&] { ++done; });
        QTRY_COMPARE_WITH_TIMEOUT(done, 3, 2000);
    }

    void nothingArrivesAfterItsEnd()
    {
        int done = 0;
        {
            Deliveries deliveries;
            deliveries.post([&] { ++done; });
        }
        QTest::qWait(20);
        QCOMPARE(done, 0);
    }
};

QTEST_GUILESS_MAIN(TestDeliveries)
#include "tst_deliveries.moc"
