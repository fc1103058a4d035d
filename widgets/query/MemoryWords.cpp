// SPDX-License-Identifier: GPL-3.0-or-later
// Memory settings that the row of controls does not show, in a few words.
#include "widgets/query/MemoryWords.h"

#include "widgets/query/NumberSpinBox.h"

#include <QCoreApplication>
#include <QStringList>

namespace hayloft {

namespace {

QString tr(const char* text) { return QCoreApplication::translate("hayloft::MemoryWords", text); }

QString newtonWords(const NewtonSettings& newton)
{
    const QString steps = tr("Newton %1").arg(newton.steps);
    return newton.scale == NewtonSettings().scale ? steps : tr("%1 from %2").arg(steps, numberText(newton.scale));
}

QString sampledWords(float logVariance)
{
    return logVariance == 0 ? tr("sampled") : tr("sampled, log variance %1").arg(numberText(decimalOf(logVariance)));
}

} // namespace

QString memoryWords(const MemorySettings& settings)
{
    QStringList words;
    if (settings.prompted != DecoderPrompt::None)
        words << (settings.prompted == DecoderPrompt::Query ? tr("prompted with the query") : tr("prompted with the prefix"));
    if (settings.latents == LatentFormat::Float16)
        words << tr("latents of float16");
    if (settings.addressing == Addressing::PseudoInverse) {
        if (settings.keyMemory == KeyMemoryKind::Prior)
            words << tr("learned prior");
        if (settings.inverse == InverseMode::Newton)
            words << newtonWords(settings.newton);
        if (settings.reads > 1)
            words << tr("%1 reads").arg(settings.reads);
        if (settings.observationNoise > 0)
            words << tr("noise %1").arg(numberText(decimalOf(settings.observationNoise)));
        if (settings.sampled)
            words << sampledWords(settings.weightLogVariance);
    }
    return words.join(QStringLiteral(", "));
}

} // namespace hayloft
