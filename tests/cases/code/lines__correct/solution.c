#include <stdio.h>
#include <string.h>
int main(void) {
    char line[1000];
    int lines = 0, words = 0;
    while (fgets(line, sizeof line, stdin)) {
        lines++;
        for (char *word = strtok(line, " \n"); word; word = strtok(NULL, " \n")) words++;
    }
    printf("%d %d\n", lines, words);
    return 0;
}
