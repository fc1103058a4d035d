// SPDX-License-Identifier: GPL-3.0-or-later
// Reads and writes the settings; the only place that knows their keys.
#pragma once

#include "app/workbench/Settings.h"

#include <memory>

class QSettings;

namespace hayloft {

/// Version of the keys below; raised with a migration when one changes its meaning.
inline constexpr int kSettingsSchema = 1;

/// Settings in an INI file or, by default, the platform's own place.
class SettingsStore {
public:
    SettingsStore();
    explicit SettingsStore(const QString& iniFile);
    ~SettingsStore();

    /// Values that are missing or of a wrong type keep their defaults; a newer schema gives the defaults throughout.
    Settings load() const;
    void save(const Settings& settings);
    /// All keys, for tests and diagnostics.
    static QStringList keys();

private:
    std::unique_ptr<QSettings> m_settings;
};

} // namespace hayloft
