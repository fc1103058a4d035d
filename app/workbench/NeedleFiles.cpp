// SPDX-License-Identifier: GPL-3.0-or-later
// Needle files, read on the compute thread.
#include "app/workbench/NeedleFiles.h"

namespace hayloft {

namespace {

std::vector<Needle> readNeedles(const std::filesystem::path& file)
{
    std::error_code unknown; // loadNeedles tells what is wrong with a missing file or a folder
    if (std::filesystem::is_other(file, unknown))
        throw Error("a pipe or device is no needle file", file.string(), "choose a JSON Lines file");
    const std::uintmax_t size = std::filesystem::file_size(file, unknown);
    if (!unknown && size > NeedleFiles::kMaxBytes)
        throw Error("a needle file of " + std::to_string(size >> 20) + " MiB is too large for the workbench", file.string(),
                    "keep at most " + std::to_string(NeedleFiles::kMaxBytes >> 20) + " MiB of it, or give it to hayloft-cli sweep");
    return loadNeedles(file);
}

} // namespace

NeedleFiles::NeedleFiles(ComputeWorker& worker, QObject* parent)
    : QObject(parent), m_worker(worker), m_shippedProblem(tr("The needles are still being read; try again in a moment"))
{
}

void NeedleFiles::readShipped(const std::filesystem::path& file)
{
    m_worker.submit<std::vector<Needle>>(
        JobSlot::ShippedNeedles, JobLevel::Ask, [file](const JobContext&) { return readNeedles(file); },
        [this](std::vector<Needle> needles) {
            m_shipped = std::move(needles);
            m_shippedProblem.clear();
        },
        [this](const JobFailure& failure) { m_shippedProblem = failure.message; });
}

void NeedleFiles::read(const QString& path)
{
    m_worker.submit<std::vector<Needle>>(
        JobSlot::NeedleFile, JobLevel::Ask,
        [file = std::filesystem::path(path.toStdU16String())](const JobContext&) { return readNeedles(file); },
        [this, path](const std::vector<Needle>& needles) { Q_EMIT wasRead(path, needles); },
        [this, path](const JobFailure& failure) {
            if (!failure.cancelled)
                Q_EMIT failed(path, failure.message);
        });
}

} // namespace hayloft
