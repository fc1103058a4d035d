// SPDX-License-Identifier: GPL-3.0-or-later
// The built hayloft-cli with its own model: shards one after another, and at once under mpirun.
#include <nlohmann/json.hpp>

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <csignal>

namespace {

const QString kCli = QStringLiteral(HAYLOFT_BINARY_DIR "/bin/hayloft-cli");
const QString kStory = QStringLiteral(HAYLOFT_SOURCE_DIR "/sample-haystacks/01-the-tide-gauge.txt");

struct Outcome {
    int code = -1;
    QByteArray out, err;
};

Outcome start(const QString& program, const QStringList& arguments, const QProcessEnvironment& environment = QProcessEnvironment::systemEnvironment())
{
    QProcess process;
    process.setProcessEnvironment(environment);
    process.start(program, arguments);
    process.waitForFinished(120000);
    return { process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1, process.readAllStandardOutput(), process.readAllStandardError() };
}

/// What mpirun needs in a container: to run as root, on fewer cores than processes.
QProcessEnvironment mpiEnvironment()
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert("OMPI_ALLOW_RUN_AS_ROOT", "1");
    environment.insert("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1");
    environment.insert("OMPI_MCA_rmaps_base_oversubscribe", "1");
    environment.insert("OMPI_MCA_btl_vader_single_copy_mechanism", "none"); // containers forbid it
    environment.remove("HAYLOFT_LAUNCHED_PID");
    return environment;
}

QByteArray contents(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// A record without what may differ.
nlohmann::ordered_json recordIn(const QString& path)
{
    auto json = nlohmann::ordered_json::parse(contents(path).toStdString());
    json.erase("created");
    json.erase("timing");
    return json;
}

/// Open MPI's hwloc grumbles where a container hides the processor's description.
QByteArray withoutHardwareRemarks(const QByteArray& err)
{
    QByteArray rest;
    for (const QByteArray& line : err.split('\n')) {
        if (!line.startsWith("[hwloc/"))
            rest += line;
    }
    return rest;
}

/// Lines that hayloft-cli wrote, not mpirun.
QStringList ownLines(const QByteArray& err)
{
    return QString::fromUtf8(err).split('\n').filter("hayloft-cli: ");
}

} // namespace

class TestMpi : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_mpirun = QStandardPaths::findExecutable("mpirun");
        m_hasMpi = !m_mpirun.isEmpty() && QFile::exists(QStringLiteral(HAYLOFT_BINARY_DIR "/libexec/hayloft/hayloft_mpi.so"));
        for (const char* keys : { "prefix", "whole" }) {
            const Outcome whole = start(kCli, sweep(keys, path(QString(keys) + ".json")));
            QVERIFY2(whole.code == 0, whole.err);
        }
    }

    void shardsAreTheRunOfOneProcess_data()
    {
        QTest::addColumn<QString>("keys");
        QTest::newRow("prefix") << "prefix";
        QTest::newRow("whole") << "whole"; // key distances that are no 0
    }

    void shardsAreTheRunOfOneProcess()
    {
        QFETCH(QString, keys);
        for (const int count : { 2, 3 }) {
            QStringList merge { "merge" };
            for (int number = 1; number <= count; ++number) {
                merge << path(QString("shard-%1.json").arg(number));
                const Outcome shard = start(kCli, sweep(keys, merge.last()) << "--shard" << QString("%1/%2").arg(number).arg(count));
                QVERIFY2(shard.code == 0, shard.err);
            }
            const Outcome merged = start(kCli, merge << "--out" << path("run.json"));
            QVERIFY2(merged.code == 0, merged.err);
            QCOMPARE(recordIn(path("run.json")).dump(1), recordIn(path(keys + ".json")).dump(1));
        }
    }

    void ranksAreTheRunOfOneProcess_data() { shardsAreTheRunOfOneProcess_data(); }

    void ranksAreTheRunOfOneProcess()
    {
        QFETCH(QString, keys);
        if (!m_hasMpi)
            QSKIP("there is no Open MPI here");
        const Outcome outcome = mpirun(2, sweep(keys, path("mpi.json")) << "--csv" << path("mpi.csv"));
        QVERIFY2(outcome.code == 0, outcome.err);
        QCOMPARE(recordIn(path("mpi.json")).dump(1), recordIn(path(keys + ".json")).dump(1));
        QCOMPARE(nlohmann::json::parse(contents(path("mpi.json")).toStdString())["timing"]["shards"].get<int>(), 2);
        QVERIFY(contents(path("mpi.csv")).count('\n') > 6);
        // One report, from the first process.
        QCOMPARE(outcome.out.count("record    "), 1);
        QCOMPARE(outcome.out.count("recall    "), 1);
        QVERIFY2(withoutHardwareRemarks(outcome.err).isEmpty(), outcome.err);
    }

    void oneProcessOfMpirunStandsAlone()
    {
        if (!m_hasMpi)
            QSKIP("there is no Open MPI here");
        const Outcome outcome = mpirun(1, sweep("prefix", path("one.json")) << "--shard" << "1/2");
        QVERIFY2(outcome.code == 0, outcome.err);
        QCOMPARE(nlohmann::json::parse(contents(path("one.json")).toStdString())["shard"]["number"].get<int>(), 1);
    }

    void errorsAreToldOnce_data()
    {
        QTest::addColumn<QStringList>("more");
        QTest::addColumn<QString>("says");
        QTest::newRow("a shard of a rank") << QStringList { "--shard", "1/2" } << "--shard 1/2 with mpirun";
        QTest::newRow("loads") << QStringList { "--axis", "load", "--loads", "1", "--lengths", "400" } << "--axis load with mpirun";
        QTest::newRow("unknown option") << QStringList { "--nonsense" } << "--nonsense";
        QTest::newRow("no model") << QStringList { "--model", "/no/such/model" } << "/no/such/model";
        QTest::newRow("more ranks than cells") << QStringList { "--lengths", "400", "--depths", "50" } << "1 cell has no 2 shards";
    }

    void errorsAreToldOnce()
    {
        QFETCH(QStringList, more);
        QFETCH(QString, says);
        if (!m_hasMpi)
            QSKIP("there is no Open MPI here");
        QStringList arguments = sweep("prefix", path("no.json"));
        for (const char* given : { "--lengths", "--depths" }) {
            if (more.contains(given))
                arguments.remove(arguments.indexOf(given), 2);
        }
        const Outcome outcome = mpirun(2, arguments + more);
        QVERIFY(outcome.code != 0);
        QVERIFY2(ownLines(outcome.err).size() == 1 && ownLines(outcome.err).first().contains(says), outcome.err);
        QVERIFY2(outcome.out.isEmpty(), outcome.out);
        QVERIFY(!QFile::exists(path("no.json")));
    }

    // The second process alone has no such haystack; the first would compute for minutes.
    void anErrorOfOneRankEndsAll()
    {
        if (!m_hasMpi)
            QSKIP("there is no Open MPI here");
        const QString script = path("rank.sh");
        QFile file(script);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("if [ $OMPI_COMM_WORLD_RANK = 1 ]; then set -- \"$@\" --haystack /no/such/text; else set -- \"$@\" --haystack \"$STORY\"; fi\nexec \"$CLI\" \"$@\"\n");
        file.close();
        QStringList arguments = longSweep(path("no.json"));
        arguments.remove(arguments.indexOf("--haystack"), 2);
        QProcessEnvironment environment = mpiEnvironment();
        environment.insert("CLI", kCli);
        environment.insert("STORY", kStory);
        const Outcome outcome = start(m_mpirun, QStringList { "-n", "2", "--bind-to", "none", "sh", script } + arguments, environment);
        QCOMPARE(outcome.code, 1);
        QVERIFY2(ownLines(outcome.err).size() == 1 && ownLines(outcome.err).first().contains("/no/such/text"), outcome.err);
        QVERIFY(outcome.out.isEmpty() && !QFile::exists(path("no.json")));
    }

    void interruptEndsAll_data()
    {
        QTest::addColumn<bool>("ofMpirun");
        QTest::newRow("Ctrl-C") << true;
        QTest::newRow("one process") << false;
    }

    void interruptEndsAll()
    {
        QFETCH(bool, ofMpirun);
        if (!m_hasMpi)
            QSKIP("there is no Open MPI here");
        const QString pids = path("pids");
        QVERIFY(QDir().mkpath(pids));
        QProcess process;
        process.setProcessEnvironment(mpiEnvironment());
        // Each process says its id: exec keeps it.
        process.start(m_mpirun, QStringList { "-n", "2", "--bind-to", "none", "sh", "-c", "echo $$ > \"$0/$OMPI_COMM_WORLD_RANK\"; exec \"$@\"", pids, kCli }
            + longSweep(path("no.json")));
        QVERIFY(process.waitForStarted());
        QTRY_VERIFY_WITH_TIMEOUT(!contents(pids + "/0").isEmpty() && !contents(pids + "/1").isEmpty(), 60000);
        const auto id = [&](const char* rank) { return static_cast<pid_t>(contents(pids + "/" + rank).trimmed().toInt()); };
        QTRY_VERIFY_WITH_TIMEOUT(contents(QString("/proc/%1/maps").arg(id("1"))).contains("libmpi")
            && contents(QString("/proc/%1/maps").arg(id("0"))).contains("hayloft_tokenizer"), 60000); // they are at work
        QCOMPARE(::kill(ofMpirun ? static_cast<pid_t>(process.processId()) : id("1"), SIGINT), 0);
        QVERIFY(process.waitForFinished(60000));
        QVERIFY(process.exitCode() != 0);
        const QByteArray err = process.readAllStandardError();
        QVERIFY2(ownLines(err) == QStringList { "hayloft-cli: cancelled" }, err);
        for (const char* rank : { "0", "1" }) // a process that nobody has waited for has no memory left
            QTRY_VERIFY_WITH_TIMEOUT(contents(QString("/proc/%1/maps").arg(id(rank))).isEmpty(), 5000);
        QVERIFY(!QFile::exists(path("no.json")));
        QVERIFY(QDir(pids).removeRecursively());
    }

    void withoutTheModuleMpirunIsRefused()
    {
        QProcessEnvironment environment = mpiEnvironment();
        environment.insert("HAYLOFT_MPI_MODULE", "/no/such/module.so");
        environment.insert("OMPI_COMM_WORLD_SIZE", "2");
        environment.insert("OMPI_COMM_WORLD_RANK", "0");
        const Outcome first = start(kCli, sweep("prefix", path("no.json")), environment);
        QCOMPARE(first.code, 1);
        QVERIFY2(first.err.startsWith("hayloft-cli: ") && first.err.contains("module.so") && first.err.count('\n') == 1, first.err);
        environment.insert("OMPI_COMM_WORLD_RANK", "1");
        const Outcome second = start(kCli, sweep("prefix", path("no.json")), environment);
        QCOMPARE(second.code, 1);
        QVERIFY2(second.err.isEmpty(), second.err);
        QVERIFY(!QFile::exists(path("no.json")));
    }

    void withoutMpirunMpiIsNotLoaded()
    {
        QProcessEnvironment environment = mpiEnvironment();
        environment.insert("LD_DEBUG", "files");
        const Outcome outcome = start(kCli, { "sweep", "--help" }, environment);
        QCOMPARE(outcome.code, 0);
        QVERIFY(outcome.err.contains("libc.so")); // the loader does say what it loads
        QVERIFY(!outcome.err.contains("libmpi"));
    }

private:
    QString path(const QString& name) const { return m_folder.filePath(name); }

    QStringList sweep(const QString& keys, const QString& out) const
    {
        return { "sweep", "--haystack", kStory, "--keys", keys, "--lengths", "300,700", "--depths", "0:100:3", "--trials", "2", "--controls", "3",
            "--seed", "4", "--threads", "1", "--out", out };
    }

    QStringList longSweep(const QString& out) const
    {
        return { "sweep", "--haystack", kStory, "--path", "naive", "--lengths", "200k:300k:4", "--depths", "0:100:11", "--trials", "20", "--threads", "1", "--out", out };
    }

    Outcome mpirun(int ranks, const QStringList& arguments) const
    {
        return start(m_mpirun, QStringList { "-n", QString::number(ranks), "--bind-to", "none", kCli } + arguments, mpiEnvironment());
    }

    QTemporaryDir m_folder;
    QString m_mpirun;
    bool m_hasMpi = false;
};

QTEST_GUILESS_MAIN(TestMpi)
#include "tst_mpi.moc"
