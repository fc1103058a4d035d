// SPDX-License-Identifier: GPL-3.0-or-later
// Options, their checks and their messages.
#include "app/workbench/StartOptions.h"

#include "core/compute/PrecisionName.h"

#include <QCommandLineParser>
#include <QRegularExpression>

namespace hayloft {

namespace {

QSize parseSize(const QString& text)
{
    static const QRegularExpression pattern(QStringLiteral("^(\\d{2,5})[x×](\\d{2,5})$"));
    const auto match = pattern.match(text);
    return match.hasMatch() ? QSize(match.captured(1).toInt(), match.captured(2).toInt()) : QSize();
}

QString tr(const char* text)
{
    return QCoreApplication::translate("hayloft::StartOptions", text);
}

/// Fills what needs a check; returns what is wrong.
QString check(const QCommandLineParser& parser, StartOptions& options)
{
    if (parser.isSet(QStringLiteral("size"))) {
        options.size = parseSize(parser.value(QStringLiteral("size")));
        if (options.size.isEmpty())
            return tr("--size %1 is no size; give WIDTHxHEIGHT, for example 1280x800").arg(parser.value(QStringLiteral("size")));
    }
    if (parser.isSet(QStringLiteral("theme"))) {
        const QString theme = parser.value(QStringLiteral("theme"));
        if (theme == QLatin1String("light"))
            options.theme = ThemeChoice::Light;
        else if (theme == QLatin1String("dark"))
            options.theme = ThemeChoice::Dark;
        else if (theme == QLatin1String("system"))
            options.theme = ThemeChoice::System;
        else
            return tr("--theme %1 is unknown; give light, dark or system").arg(theme);
    }
    bool ok = true;
    const double depth = parser.isSet(QStringLiteral("depth")) ? parser.value(QStringLiteral("depth")).toDouble(&ok) : 50;
    if (!ok || !(depth >= 0 && depth <= 100))
        return tr("--depth %1 is no depth; give a percentage from 0 to 100").arg(parser.value(QStringLiteral("depth")));
    const QString needle = parser.value(QStringLiteral("needle"));
    if (parser.isSet(QStringLiteral("needle")) && needle.trimmed().isEmpty())
        return tr("--needle is empty; give the text to plant");
    if (!needle.isEmpty())
        options.start.needle = needleState({needle.toStdString(), {}, {}}, depth);
    else if (parser.isSet(QStringLiteral("depth")))
        options.start.needle = needleState(sanFranciscoNeedle(), depth);
    options.start.question = parser.value(QStringLiteral("question"));
    if (parser.isSet(QStringLiteral("question")) && options.start.question.trimmed().isEmpty())
        return tr("--question is empty; give the question to ask");
    const QString precision = parser.value(QStringLiteral("precision"));
    if (precision != QLatin1String("float32") && precision != QLatin1String("bfloat16"))
        return tr("--precision %1 is unknown; give float32 or bfloat16").arg(precision);
    options.precision = precisionFromName(precision.toStdString());
    static const QStringList scenes = {QStringLiteral("overview"), QStringLiteral("recall"), QStringLiteral("tasks"), QStringLiteral("memory"),
                                       QStringLiteral("slow"), QStringLiteral("load")};
    options.scene = parser.value(QStringLiteral("screenshot-scene"));
    if (!scenes.contains(options.scene))
        return tr("--screenshot-scene %1 is unknown; give one of %2").arg(options.scene, scenes.join(QStringLiteral(", ")));
    return {};
}

} // namespace

StartOptions parseStartOptions(const QStringList& arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(tr("Needle-in-a-haystack experiments with an external memory"));
    parser.addHelpOption();
    parser.addVersionOption();
    parser.addPositionalArgument(QStringLiteral("FILE"), tr("A document, a folder of documents, or a run record (.json)"), QStringLiteral("[FILE]"));
    parser.addOptions({
        {QStringLiteral("needle"), tr("Plant this text"), QStringLiteral("TEXT")},
        {QStringLiteral("depth"), tr("at this depth in percent (0 = top)"), QStringLiteral("D")},
        {QStringLiteral("question"), tr("Have this question ready, with content keys"), QStringLiteral("TEXT")},
        {QStringLiteral("model"), tr("Use this model folder"), QStringLiteral("DIR")},
        {QStringLiteral("precision"), tr("Of the network's products: float32 or bfloat16"), QStringLiteral("NAME"), QStringLiteral("float32")},
        {QStringLiteral("theme"), tr("light, dark or system"), QStringLiteral("NAME")},
        {QStringLiteral("size"), tr("Size of the window, e.g. 1280x800"), QStringLiteral("WxH")},
        {QStringLiteral("screenshot"), tr("Write, ask, run a small sweep, save a picture of the window, and end"), QStringLiteral("OUT.png")},
        {QStringLiteral("screenshot-scene"), tr("What the picture shows: overview, recall, tasks, load, memory or slow"), QStringLiteral("NAME"), QStringLiteral("overview")},
    });
    // For `hayloft-cli bench gui`, which starts the workbench with them.
    QCommandLineOption bench(QStringLiteral("bench-gui"), tr("Measure the window with the document in it, write the figures, and end"),
                             QStringLiteral("OUT.json"));
    QCommandLineOption started(QStringLiteral("bench-started"), tr("When the program was started"), QStringLiteral("NS"));
    for (QCommandLineOption* option : {&bench, &started}) {
        option->setFlags(QCommandLineOption::HiddenFromHelp);
        parser.addOption(*option);
    }
    parser.process(arguments);
    StartOptions options;
    options.start.paths = parser.positionalArguments();
    options.start.plantDefault = options.start.paths.isEmpty();
    options.modelDirectory = parser.value(QStringLiteral("model"));
    options.screenshot = parser.value(QStringLiteral("screenshot"));
    options.guiBench = parser.value(bench);
    options.startedNs = parser.value(started).toLongLong();
    options.error = check(parser, options);
    return options;
}

} // namespace hayloft
