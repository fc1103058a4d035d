// SPDX-License-Identifier: GPL-3.0-or-later
// A window opens in a process that holds LibTorch (which loads Qt 5 libraries in some builds), and it is Qt 6.
#include "core/model/Machine.h"
#include "tests/workbench/WorkbenchBench.h"

using namespace hayloft;

class TestSmoke : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void windowWithLibTorch()
    {
        const MachineInfo machine = describeMachine();
        QVERIFY(!machine.libtorch.empty());
        WorkbenchBench bench;
        QVERIFY(QTest::qWaitForWindowExposed(&bench.window()));
        QVERIFY(QByteArray(qVersion()).startsWith("6"));
        QCOMPARE(int(QLibraryInfo::version().majorVersion()), 6);
        QVERIFY(!bench.window().grab().isNull());
        QTRY_VERIFY(bench.controller->diagnostics().contains(QString::fromStdString(machine.libtorch)));
    }
};

QTEST_MAIN(TestSmoke)
#include "tst_smoke.moc"
