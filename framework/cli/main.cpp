#include "framework/cli/commands.h"

int main(int argc, char** argv) { return mtl::main(argc, argv); }
