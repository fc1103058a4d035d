// SPDX-License-Identifier: GPL-3.0-or-later
// The progress line: rate and time left on a terminal, nothing at all when piped.
#include "app/cli/ProgressBar.h"

#include <QTest>

#include <sstream>

using namespace hayloft;
using namespace std::chrono_literals;

class TestProgressBar : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void nothingWhenPiped()
    {
        std::ostringstream stream;
        {
            ProgressBar bar(stream, false);
            bar.update({ "encode", 5, 10, "tokens", "" });
            bar.clear();
        }
        QVERIFY(stream.str().empty());
    }

    void rateAndTimeLeft()
    {
        std::ostringstream stream;
        ProgressBar bar(stream, true, 200);
        const ProgressBar::Clock::time_point start {};
        bar.update({ "encode", 1000, 11000, "tokens", "" }, start);
        stream.str("");
        bar.update({ "encode", 3000, 11000, "tokens", "loss 0.41" }, start + 4s);
        const std::string line = stream.str();
        // 2,000 tokens in 4 s: 500 a second, and 8,000 are left.
        QVERIFY2(line.find("3,000/11,000 tokens, 500 tokens/s, 0:16 left, loss 0.41") != std::string::npos, line.c_str());
        QVERIFY(line.find(" 27%") != std::string::npos);
        QVERIFY(line.find("[######------------------]") != std::string::npos);
        QVERIFY(line.starts_with("\r\033[K"));
    }

    void redrawsNoOftenerThanTenTimesASecond()
    {
        std::ostringstream stream;
        ProgressBar bar(stream, true);
        const ProgressBar::Clock::time_point start {};
        bar.update({ "read", 0, 10, "trials", "" }, start);
        stream.str("");
        bar.update({ "read", 1, 10, "trials", "" }, start + 50ms);
        QVERIFY(stream.str().empty());
        bar.update({ "read", 2, 10, "trials", "" }, start + 150ms);
        QVERIFY(!stream.str().empty());
    }

    void newPhaseCountsAnew()
    {
        std::ostringstream stream;
        ProgressBar bar(stream, true, 200);
        const ProgressBar::Clock::time_point start {};
        bar.update({ "encode", 0, 100, "tokens", "" }, start);
        bar.update({ "decode", 0, 50, "trials", "" }, start + 100s);
        stream.str("");
        bar.update({ "decode", 10, 50, "trials", "" }, start + 105s);
        QVERIFY2(stream.str().find("2.0 trials/s, 0:20 left") != std::string::npos, stream.str().c_str());
    }

    void keepsToTheTerminal()
    {
        std::ostringstream stream;
        ProgressBar bar(stream, true, 30);
        bar.update({ "encode", 1, 2, "tokens", std::string(500, 'x') });
        QVERIFY(stream.str().size() < 30 + 4);
        bar.update({ "unknown", 1, 0, "tokens", "" }); // no total: no bar, no division by zero
        QVERIFY(stream.str().find("unknown 1 tokens") != std::string::npos);
    }

    void taskIsCancelled()
    {
        std::ostringstream stream;
        ProgressBar bar(stream, false);
        std::stop_source source;
        const Task task = bar.task(source.get_token());
        task.report({ "encode", 1, 2, "tokens", "" });
        source.request_stop();
        QVERIFY_EXCEPTION_THROWN(task.report({ "encode", 2, 2, "tokens", "" }), Cancelled);
    }
};

QTEST_GUILESS_MAIN(TestProgressBar)
#include "tst_progressbar.moc"
