// SPDX-License-Identifier: GPL-3.0-or-later
// One table of keys and fields serves reading, writing and the tests.
#include "app/workbench/SettingsStore.h"

#include <QSettings>
#include <QVariant>
#include <type_traits>

namespace hayloft {

namespace {

constexpr auto kSchemaKey = "schema";

/// Calls visit(key, field) for every setting.
template <typename SettingsType, typename Visitor>
void forEachField(SettingsType& s, Visitor&& visit)
{
    visit("window/theme", s.theme);
    visit("window/geometry", s.geometry);
    visit("window/layout", s.layout);
    visit("files/recent", s.recentFiles);
    visit("files/lastFolder", s.lastFolder);
    visit("model/directory", s.modelDirectory);
    visit("slowMotion/runs", s.slowMotionRuns);
    visit("slowMotion/milliseconds", s.slowMotionMs);
    visit("needle/text", s.needleText);
    visit("needle/prefix", s.needlePrefix);
    visit("needle/question", s.needleQuestion);
    visit("needle/depth", s.needleDepth);
    visit("memory/keys", s.keys);
    visit("memory/keyMemory", s.keyMemory);
    visit("memory/addressing", s.addressing);
    visit("memory/prefixTokens", s.prefixTokens);
    visit("memory/rows", s.rows);
    visit("memory/prompted", s.prompted);
    visit("memory/newtonSteps", s.newtonSteps);
    visit("memory/newtonScale", s.newtonScale);
    visit("memory/reads", s.reads);
    visit("memory/observationNoise", s.observationNoise);
    visit("memory/sampled", s.sampled);
    visit("memory/weightLogVariance", s.weightLogVariance);
    visit("segmenter/kind", s.segmenter);
    visit("segmenter/maxTokens", s.maxTokens);
    visit("sweep/saved", s.sweepSaved);
    visit("sweep/task", s.sweepTask);
    visit("sweep/digits", s.sweepDigits);
    visit("sweep/lengths", s.sweepLengths);
    visit("sweep/depths", s.sweepDepths);
    visit("sweep/placement", s.sweepPlacement);
    visit("sweep/trials", s.sweepTrials);
    visit("sweep/controls", s.sweepControls);
    visit("sweep/seed", s.sweepSeed);
    visit("sweep/overLoads", s.sweepOverLoads);
    visit("sweep/loads", s.sweepLoads);
    visit("sweep/loadLength", s.sweepLoadLength);
    visit("sweep/loadCurves", s.loadCurves);
    visit("sweep/taskSet", s.sweepTaskSet);
}

template <typename T>
QVariant toVariant(const T& value)
{
    if constexpr (std::is_enum_v<T>)
        return static_cast<int>(value);
    else if constexpr (std::is_same_v<T, quint64>)
        return QString::number(value); // an INI file's numbers are signed
    else
        return QVariant::fromValue(value);
}

void fromVariant(const QVariant& variant, ThemeChoice& value)
{
    bool ok = false;
    const int number = variant.toInt(&ok);
    if (ok && number >= 0 && number <= static_cast<int>(ThemeChoice::Dark))
        value = static_cast<ThemeChoice>(number);
}

void fromVariant(const QVariant& variant, quint64& value)
{
    bool ok = false;
    const quint64 number = variant.toString().toULongLong(&ok);
    if (ok)
        value = number;
}

template <typename T>
void fromVariant(const QVariant& variant, T& value)
{
    if constexpr (std::is_arithmetic_v<T> && !std::is_same_v<T, bool>) {
        bool ok = false;
        const double number = variant.toDouble(&ok);
        if (ok)
            value = static_cast<T>(number);
    } else if (variant.canConvert<T>()) {
        value = variant.value<T>();
    }
}

} // namespace

SettingsStore::SettingsStore() : m_settings(std::make_unique<QSettings>()) {}

SettingsStore::SettingsStore(const QString& iniFile)
    : m_settings(std::make_unique<QSettings>(iniFile, QSettings::IniFormat))
{
}

SettingsStore::~SettingsStore() = default;

Settings SettingsStore::load() const
{
    Settings settings;
    if (m_settings->value(QLatin1String(kSchemaKey), kSettingsSchema).toInt() > kSettingsSchema)
        return settings;
    forEachField(settings, [this](const char* key, auto& field) {
        const QVariant variant = m_settings->value(QLatin1String(key));
        if (variant.isValid())
            fromVariant(variant, field);
    });
    return settings;
}

void SettingsStore::save(const Settings& settings)
{
    m_settings->setValue(QLatin1String(kSchemaKey), kSettingsSchema);
    forEachField(settings, [this](const char* key, const auto& field) {
        m_settings->setValue(QLatin1String(key), toVariant(field));
    });
    m_settings->sync();
}

QStringList SettingsStore::keys()
{
    QStringList keys;
    Settings settings;
    forEachField(settings, [&keys](const char* key, const auto&) { keys << QLatin1String(key); });
    return keys;
}

} // namespace hayloft
