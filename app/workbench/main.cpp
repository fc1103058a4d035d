// SPDX-License-Identifier: GPL-3.0-or-later
// The workbench's entry: parses arguments, everything else is in the library.
#include "app/workbench/RunWorkbench.h"

#include <QApplication>

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    hayloft::nameApplication();
    return hayloft::runWorkbench(hayloft::parseStartOptions(QApplication::arguments()));
}
