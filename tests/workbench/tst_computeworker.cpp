// SPDX-License-Identifier: GPL-3.0-or-later
// The compute thread: order, interruption between batches, pausing, cancelling, stale results, errors.
#include "app/workbench/ComputeWorker.h"

#include <QSignalSpy>
#include <QtTest>
#include <atomic>
#include <thread>

using namespace hayloft;

namespace {

void nap(int milliseconds)
{
    std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
}

/// Batches of 2 ms that report until `end` or the task is stopped.
int batches(const JobContext& context, const std::atomic<bool>& end)
{
    int n = 0;
    for (; !end; ++n) {
        nap(2);
        context.task.report({"batches", double(n), 0, "", ""});
    }
    return n;
}

} // namespace

class TestComputeWorker : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void returnsResultsOnTheGuiThread();
    void highLevelJobsRunBetweenBatches();
    void lowLevelJobsWait();
    void pauseHoldsSweepsOnly();
    void cancelWhilePaused();
    void replacedJobsReturnNothing();
    void postsOfDroppedJobsAreDropped();
    void errorsBecomeMessages();
    void stopCancelsAndJoins();
    void stopGivesUpOnAStuckJob();
};

void TestComputeWorker::returnsResultsOnTheGuiThread()
{
    std::thread::id prepared, worked, finished;
    {
        ComputeWorker worker([&] { prepared = std::this_thread::get_id(); }, [&] { finished = std::this_thread::get_id(); });
        int result = 0;
        QThread* thread = nullptr;
        worker.submit<int>(JobSlot::Ask, JobLevel::Ask, [&](const JobContext&) {
            worked = std::this_thread::get_id();
            return 42;
        }, [&](int value) {
            result = value;
            thread = QThread::currentThread();
        }, [](const JobFailure&) {});
        QVERIFY(worker.isBusy(JobSlot::Ask));
        QTRY_COMPARE(result, 42);
        QCOMPARE(thread, this->thread());
        QVERIFY(!worker.isBusy(JobSlot::Ask));
    }
    QVERIFY(worked != std::this_thread::get_id());
    QVERIFY(prepared == worked);
    QVERIFY(finished == worked);
}

void TestComputeWorker::highLevelJobsRunBetweenBatches()
{
    ComputeWorker worker;
    std::atomic<bool> end{false};
    QStringList order;
    worker.submit<int>(JobSlot::Sweep, JobLevel::Sweep, [&](const JobContext& c) { return batches(c, end); },
                       [&](int) { order << QStringLiteral("sweep"); }, [](const JobFailure&) {});
    QSignalSpy progress(&worker, &ComputeWorker::progressed);
    QTRY_VERIFY(!progress.isEmpty());
    worker.submit<int>(JobSlot::Document, JobLevel::Write, [&](const JobContext&) { return 1; },
                       [&](int) { order << QStringLiteral("write"); }, [](const JobFailure&) {});
    QTRY_COMPARE(order, QStringList{QStringLiteral("write")});
    worker.submit<int>(JobSlot::Ask, JobLevel::Ask, [&](const JobContext&) { return 1; },
                       [&](int) { order << QStringLiteral("ask"); }, [](const JobFailure&) {});
    QTRY_COMPARE(order.size(), 2);
    QVERIFY(worker.isBusy(JobSlot::Sweep));
    end = true;
    QTRY_COMPARE(order, (QStringList{QStringLiteral("write"), QStringLiteral("ask"), QStringLiteral("sweep")}));
}

void TestComputeWorker::lowLevelJobsWait()
{
    ComputeWorker worker;
    std::atomic<bool> end{false}, sweepRan{false};
    bool writeDone = false;
    worker.submit<int>(JobSlot::Document, JobLevel::Write, [&](const JobContext& c) { return batches(c, end); },
                       [&](int) { writeDone = true; }, [](const JobFailure&) {});
    worker.submit<int>(JobSlot::Sweep, JobLevel::Sweep, [&](const JobContext&) { sweepRan = true; return 0; }, [](int) {}, [](const JobFailure&) {});
    QSignalSpy progress(&worker, &ComputeWorker::progressed);
    QTRY_VERIFY(progress.size() >= 2);
    QVERIFY(!sweepRan);
    end = true;
    QTRY_VERIFY(sweepRan);
    QVERIFY(writeDone);
}

void TestComputeWorker::pauseHoldsSweepsOnly()
{
    ComputeWorker worker;
    std::atomic<bool> end{false};
    std::atomic<int> batch{0};
    worker.submit<int>(JobSlot::Sweep, JobLevel::Sweep, [&](const JobContext& c) {
        while (!end) {
            nap(1);
            ++batch;
            c.task.report({});
        }
        return 0;
    }, [](int) {}, [](const JobFailure&) {});
    QTRY_VERIFY(batch > 3);
    worker.setPaused(true);
    QTest::qWait(30);
    const int held = batch;
    QTest::qWait(60);
    QCOMPARE(batch.load(), held);
    int answer = 0;
    worker.submit<int>(JobSlot::Ask, JobLevel::Ask, [](const JobContext&) { return 7; }, [&](int value) { answer = value; }, [](const JobFailure&) {});
    QTRY_COMPARE(answer, 7);
    QCOMPARE(batch.load(), held);
    worker.setPaused(false);
    QTRY_VERIFY(batch > held);
    end = true;
}

void TestComputeWorker::cancelWhilePaused()
{
    ComputeWorker worker;
    const std::atomic<bool> never{false};
    bool cancelled = false;
    worker.setPaused(true);
    worker.submit<int>(JobSlot::Sweep, JobLevel::Sweep, [&](const JobContext& c) { return batches(c, never); }, [](int) {},
                       [&](const JobFailure& f) { cancelled = f.cancelled && f.message.isEmpty(); });
    QSignalSpy progress(&worker, &ComputeWorker::progressed);
    QTRY_VERIFY(!progress.isEmpty());
    worker.cancel(JobSlot::Sweep);
    QTRY_VERIFY(cancelled);
    QVERIFY(!worker.isBusy(JobSlot::Sweep));
}

void TestComputeWorker::replacedJobsReturnNothing()
{
    ComputeWorker worker;
    QList<int> results;
    int failures = 0;
    for (int i = 0; i < 20; ++i) {
        worker.submit<int>(JobSlot::Row, JobLevel::Ask, [i](const JobContext&) { nap(1); return i; },
                           [&](int value) { results << value; }, [&](const JobFailure&) { ++failures; });
    }
    QTRY_VERIFY(!results.isEmpty());
    QTest::qWait(50);
    QCOMPARE(results, QList<int>{19});
    QCOMPARE(failures, 0);
}

void TestComputeWorker::postsOfDroppedJobsAreDropped()
{
    ComputeWorker worker;
    std::atomic<bool> posted{false};
    bool arrived = false;
    worker.submit<int>(JobSlot::Row, JobLevel::Ask, [&](const JobContext& c) {
        c.post([&] { arrived = true; });
        posted = true;
        return 0;
    }, [](int) {}, [](const JobFailure&) {});
    while (!posted) // without the event loop: the post is still on its way
        nap(1);
    worker.drop(JobSlot::Row);
    QTest::qWait(30);
    QVERIFY(!arrived);
}

void TestComputeWorker::errorsBecomeMessages()
{
    ComputeWorker worker;
    QStringList messages;
    const auto failed = [&](const JobFailure& f) { messages << f.message; QVERIFY(!f.cancelled); };
    worker.submit<int>(JobSlot::Ask, JobLevel::Ask, [](const JobContext&) -> int { throw Error("no rows", "memory", "write first"); }, [](int) {}, failed);
    QTRY_COMPARE(messages.size(), 1);
    QCOMPARE(messages[0], QStringLiteral("no rows: memory; write first"));
    worker.submit<int>(JobSlot::Ask, JobLevel::Ask, [](const JobContext&) -> int { throw std::bad_alloc(); }, [](int) {}, failed);
    QTRY_COMPARE(messages.size(), 2);
    QVERIFY(messages[1].contains(QStringLiteral("memory")));
    worker.submit<int>(JobSlot::Ask, JobLevel::Ask, [](const JobContext&) -> int { throw 5; }, [](int) {}, failed);
    QTRY_COMPARE(messages.size(), 3);
    QVERIFY(!messages[2].isEmpty());
}

void TestComputeWorker::stopCancelsAndJoins()
{
    const std::atomic<bool> never{false};
    int called = 0;
    ComputeWorker worker;
    worker.submit<int>(JobSlot::Sweep, JobLevel::Sweep, [&](const JobContext& c) { return batches(c, never); }, [&](int) { ++called; },
                       [&](const JobFailure&) { ++called; });
    worker.submit<int>(JobSlot::Document, JobLevel::Sweep, [&](const JobContext&) { return 0; }, [&](int) { ++called; },
                       [&](const JobFailure&) { ++called; });
    QSignalSpy progress(&worker, &ComputeWorker::progressed);
    QTRY_VERIFY(!progress.isEmpty());
    QVERIFY(worker.stop(10000));
    QTest::qWait(20);
    QCOMPARE(called, 0);
}

void TestComputeWorker::stopGivesUpOnAStuckJob()
{
    auto release = std::make_shared<std::atomic<bool>>(false);
    auto ended = std::make_shared<std::atomic<bool>>(false);
    {
        ComputeWorker worker({}, [ended] { *ended = true; });
        std::atomic<bool> began{false};
        worker.submit<int>(JobSlot::Sweep, JobLevel::Sweep, [release, &began](const JobContext&) {
            began = true;
            while (!*release)
                nap(1);
            return 0;
        }, [](int) {}, [](const JobFailure&) {});
        while (!began)
            nap(1);
        QVERIFY(!worker.stop(50));
        *release = true; // before the destructor waits again
    }
    QTRY_VERIFY(*ended);
}

QTEST_GUILESS_MAIN(TestComputeWorker)
#include "tst_computeworker.moc"
