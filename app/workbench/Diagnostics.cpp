// SPDX-License-Identifier: GPL-3.0-or-later
// What the workbench says about the machine it runs on.
#include "app/workbench/WorkbenchController.h"
#include "core/compute/PrecisionName.h"
#include "core/model/Machine.h"

#include <Eigen/Core>
#include <QStringList>
#include <QSysInfo>

namespace hayloft {

namespace {

QString text(const std::string& utf8)
{
    return QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size()));
}

struct Described {
    MachineInfo machine;
    std::string advice;
};

} // namespace

void WorkbenchController::describeMachineInBackground()
{
    const std::string device = m_document->model() ? m_document->model()->device : "cpu";
    m_worker->submit<Described>(
        JobSlot::Machine, JobLevel::Ask, [device](const JobContext&) { return Described{describeMachine(device), blasAdvice()}; },
        [this](const Described& described) {
            m_machine = described.machine;
            m_blasAdvice = text(described.advice);
            const QString blas = m_machine.blasCore.empty() ? text(m_machine.blas) : tr("%1 %2").arg(text(m_machine.blas), text(m_machine.blasCore));
            const QString threads = m_machine.threads == 1 ? tr("1 thread") : tr("%1 threads").arg(m_machine.threads);
            m_window->setMachine(blas + QStringLiteral("  ·  ") + threads, m_blasAdvice);
        },
        [](const JobFailure&) {});
}

QString WorkbenchController::diagnostics() const
{
    QStringList lines;
    lines << tr("Hayloft %1").arg(QStringLiteral(HAYLOFT_VERSION));
    lines << tr("Qt %1, LibTorch %2, Eigen %3.%4.%5").arg(QLatin1String(qVersion()), text(m_machine.libtorch))
                 .arg(EIGEN_WORLD_VERSION).arg(EIGEN_MAJOR_VERSION).arg(EIGEN_MINOR_VERSION);
    lines << tr("System: %1, %2").arg(QSysInfo::prettyProductName(), QSysInfo::currentCpuArchitecture());
    lines << tr("Processor: %1 (%2)").arg(text(m_machine.cpu), text(m_machine.isa));
    lines << tr("BLAS: %1, kernel %2, threads %3").arg(text(m_machine.blas), text(m_machine.blasCore)).arg(m_machine.threads);
    lines << tr("Device: %1").arg(text(m_machine.device));
    if (!m_blasAdvice.isEmpty())
        lines << m_blasAdvice;
    if (const auto& model = m_document->model()) {
        lines << tr("Model: %1, %2 parameters, C = %3, segments of up to %4 tokens")
                     .arg(text(model->name)).arg(qlonglong(model->parameters)).arg(model->latentSize).arg(model->maxTokens);
        lines << tr("Precision: %1").arg(QLatin1String(nameOf(model->precision)));
        lines << tr("Weights: sha256 %1").arg(text(model->sha256));
    } else {
        lines << tr("Model: none is open (%1)").arg(m_modelDirectory);
    }
    return lines.join(QLatin1Char('\n'));
}

} // namespace hayloft
