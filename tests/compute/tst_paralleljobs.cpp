// SPDX-License-Identifier: GPL-3.0-or-later
// Jobs over threads: each once, pauses, errors.
#include "core/compute/ParallelJobs.h"

#include <atomic>
#include <chrono>
#include <QTest>
#include <stdexcept>
#include <thread>
#include <vector>

using namespace hayloft;

class TestParallelJobs : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void eachJobRunsOnce();
    void theCallerReportsItsOwnThread();
    void nothingBeginsDuringAPause();
    void errorsEndTheRest_data();
    void errorsEndTheRest();
};

void TestParallelJobs::eachJobRunsOnce()
{
    for (const int threads : { 1, 2, 5 })
        for (const std::size_t count : { 0, 1, 3, 200 }) {
            std::vector<std::atomic<int>> runs(count);
            std::atomic<bool> wrongThread = false;
            runJobs(count, threads, [&](std::size_t job, int thread) {
                ++runs[job];
                wrongThread = wrongThread || thread < 0 || thread >= threads;
            });
            for (const auto& times : runs)
                QCOMPARE(times.load(), 1);
            QVERIFY(!wrongThread);
        }
}

void TestParallelJobs::theCallerReportsItsOwnThread()
{
    const auto self = std::this_thread::get_id();
    std::atomic<bool> elsewhere = false;
    std::size_t last = 0;
    runJobs(50, 3, [&](std::size_t, int thread) { elsewhere = elsewhere || (thread == 0) != (std::this_thread::get_id() == self); },
            [&](std::size_t finished) {
                elsewhere = elsewhere || std::this_thread::get_id() != self || finished < last || finished > 50;
                last = finished;
            });
    QVERIFY(!elsewhere);
}

void TestParallelJobs::nothingBeginsDuringAPause()
{
    using namespace std::chrono_literals;
    std::atomic<int> begun = 0;
    int atPause = -1, afterPause = -1;
    runJobs(
        400, 3,
        [&](std::size_t, int) {
            ++begun;
            std::this_thread::sleep_for(1ms);
        },
        [&](std::size_t) {
            if (atPause >= 0)
                return;
            std::this_thread::sleep_for(30ms); // what had begun comes to its end
            atPause = begun;
            std::this_thread::sleep_for(60ms);
            afterPause = begun;
        });
    QVERIFY(atPause > 0 && atPause < 400);
    QCOMPARE(afterPause, atPause);
    QCOMPARE(begun.load(), 400);
}

void TestParallelJobs::errorsEndTheRest_data()
{
    QTest::addColumn<bool>("inReport");
    QTest::newRow("in a job") << false;
    QTest::newRow("in the caller's report") << true;
}

void TestParallelJobs::errorsEndTheRest()
{
    QFETCH(bool, inReport);
    std::atomic<int> begun = 0;
    const auto run = [&] {
        runJobs(
            10000, 3,
            [&](std::size_t job, int) {
                ++begun;
                std::this_thread::sleep_for(std::chrono::microseconds(100));
                if (!inReport && job == 20)
                    throw std::runtime_error("job 20");
            },
            [&](std::size_t) {
                if (inReport)
                    throw std::runtime_error("report");
            });
    };
    QVERIFY_EXCEPTION_THROWN(run(), std::runtime_error);
    QVERIFY(begun < 5000);
}

QTEST_GUILESS_MAIN(TestParallelJobs)
#include "tst_paralleljobs.moc"
