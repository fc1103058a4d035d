// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/ProgressBar.h"

#include "core/base/Format.h"

#include <algorithm>
#include <cmath>
#include <ostream>
#include <sys/ioctl.h>
#include <unistd.h>

namespace hayloft {

namespace {

constexpr int kBarWidth = 24;

std::string duration(double seconds)
{
    const auto whole = static_cast<long>(std::lround(std::min(seconds, 3.6e8)));
    if (whole >= 3600)
        return formatted("%ld:%02ld:%02ld", whole / 3600, whole / 60 % 60, whole % 60);
    return formatted("%ld:%02ld", whole / 60, whole % 60);
}

std::string amount(double value) { return grouped(static_cast<std::int64_t>(std::llround(value))); }

} // namespace

int terminalColumns()
{
    winsize size {};
    return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 100;
}

ProgressBar::ProgressBar(std::ostream& stream, bool enabled, int columns)
    : m_stream(stream)
    , m_enabled(enabled)
    , m_columns(columns)
{
}

ProgressBar::~ProgressBar() { clear(); }

void ProgressBar::update(const Progress& progress, Clock::time_point now)
{
    if (!m_enabled)
        return;
    if (progress.phase != m_phase || progress.done < m_phaseBegan) {
        m_phase = progress.phase;
        m_phaseBegan = progress.done;
        m_start = now;
    } else if (m_drawn && now - m_last < std::chrono::milliseconds(100)) {
        return;
    }
    m_last = now;
    m_drawn = true;
    const std::string text = line(progress, std::chrono::duration<double>(now - m_start).count());
    m_stream << "\r\033[K" << text.substr(0, static_cast<std::size_t>(std::max(1, m_columns - 1))) << std::flush;
}

void ProgressBar::clear()
{
    if (m_drawn)
        m_stream << "\r\033[K" << std::flush;
    m_drawn = false;
    m_phase.clear();
}

Task ProgressBar::task(std::stop_token stop)
{
    return { std::move(stop), [this](const Progress& progress) { update(progress); } };
}

std::string ProgressBar::line(const Progress& progress, double seconds) const
{
    std::string text = progress.phase;
    const bool known = progress.total > 0;
    const double share = known ? std::clamp(progress.done / progress.total, 0.0, 1.0) : 0;
    if (known) {
        const auto filled = static_cast<std::size_t>(share * kBarWidth);
        text += " [" + std::string(filled, '#') + std::string(kBarWidth - filled, '-') + "]"
            + formatted(" %3.0f%%", 100 * share);
    }
    text += " " + amount(progress.done) + (known ? "/" + amount(progress.total) : "") + " " + progress.unit;
    const double rate = seconds > 0 ? (progress.done - m_phaseBegan) / seconds : 0;
    if (rate > 0) {
        text += ", " + (rate < 10 ? formatted("%.1f", rate) : amount(rate)) + " " + progress.unit + "/s";
        if (known)
            text += ", " + duration((progress.total - progress.done) / rate) + " left";
    }
    return progress.note.empty() ? text : text + ", " + progress.note;
}

} // namespace hayloft
