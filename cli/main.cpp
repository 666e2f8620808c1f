#include "command_line.hpp"

int main(int argc, char** argv) { return linnet::run_command_line(argc, argv); }
